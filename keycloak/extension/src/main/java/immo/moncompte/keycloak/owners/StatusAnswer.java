package immo.moncompte.keycloak.owners;

import java.util.Map;

/**
 * How far an agency's owners have come; each number counts identifiers.
 *
 * @param agency codes of the agency, {@code 1001/01}
 * @param name its name
 * @param loaded those with a contract at the agency
 * @param letter of these, whose letter was made, or who came further
 * @param started of these, who used the letter's credentials, or came further
 * @param waiting who have chosen address and password and not used the mail's link yet
 * @param active activated
 * @param merged added to a personal account by a merge
 * @param expired whose letter has outlived what the operator set
 * @param disabled whose provisional account is disabled
 * @param locked whose account is locked at this moment because of wrong guesses
 * @param steps how many stand on which {@link Step} now; those on {@code ended} are not loaded
 */
record StatusAnswer(
    String agency,
    String name,
    int loaded,
    int letter,
    int started,
    int waiting,
    int active,
    int merged,
    int expired,
    int disabled,
    int locked,
    Map<String, Integer> steps) {}
