package immo.moncompte.keycloak.account;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/** Of which agencies an owner is a member, as Keycloak's cache of users knows it. */
public final class Memberships {

  private Memberships() {}

  /**
   * Has the cache know them, as Keycloak's own sign-in with organizations does.
   *
   * <p>Whoever looks an account up, Keycloak asks whether one of its organizations manages it and
   * is switched off: at each sign-in, each token, each renewal. Unless the cache knows the
   * membership those are three statements to the database each time. Keycloak takes it out of the
   * cache of every node when it changes.
   */
  public static void keepInCache(KeycloakSession session, UserModel owner) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    organizations
        .getByMember(owner)
        .forEach(organization -> organizations.isMember(organization, owner));
  }
}
