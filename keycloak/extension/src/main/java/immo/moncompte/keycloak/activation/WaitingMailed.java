package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;

/**
 * An activation by mail whose link is good.
 *
 * @param account the provisional account
 * @param link what waits on it
 * @param agency its agency, which is enabled and lets its owners activate so
 * @param writtenIdentifier the identifier as the agency writes it
 */
record WaitingMailed(
    OwnerAccount account, MailedLink link, Agency agency, String writtenIdentifier) {}
