package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Locale;

/** How far an owner has come with one identifier; each identifier stands on exactly one step. */
enum Step {
  /** Loaded, and no letter made yet. */
  LOADED,
  /** The letter is made; its credentials have not been used. */
  LETTER,
  /** The letter's credentials have been used; no address and password chosen yet. */
  STARTED,
  /** The link of the mail is waited for. */
  WAITING,
  /** A personal account, activated by this identifier. */
  ACTIVE,
  /** A personal account, to which this identifier came by a merge. */
  MERGED,
  /** The letter's credentials have outlived what the operator set. */
  EXPIRED,
  /** The provisional account is disabled. */
  DISABLED,
  /** No contract at the agency is left. */
  ENDED;

  /** The step of an owner, who is a member of the agency's organization or was. */
  static Step of(AgencyOwner owner, boolean isMember, Instant now) {
    OwnerAccount account = owner.account();
    if (!isMember) {
      return ENDED;
    }
    if (account.isPersonal()) {
      return account.wasActivatedBy(owner.identifier().attributeValue()) ? ACTIVE : MERGED;
    }
    if (!account.user().isEnabled()) {
      return DISABLED;
    }
    if (account.letter().isExpired(now)) {
      return EXPIRED;
    }
    if (account.links().one(MailLink.Kind.ACTIVATION).isPresent()) {
      return WAITING;
    }
    if (account.letter().startedAt() != null) {
      return STARTED;
    }
    return account.letter().madeAt() == null ? LOADED : LETTER;
  }

  /** As answers and questions write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
