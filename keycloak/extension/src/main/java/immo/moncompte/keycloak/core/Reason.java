package immo.moncompte.keycloak.core;

/** What an owner is told of and may dispute. Its name ends the keys of the page's sentences. */
public enum Reason {
  /** A provisional account was merged into the account. */
  MERGED,
  /** Another personal account was merged into the account. */
  ACCOUNTS_MERGED,
  /** The address was changed; told to the one before. */
  ADDRESS_CHANGED,
  /** A passkey was added. */
  PASSKEY_ADDED,
  /** The password was changed or reset. */
  PASSWORD_CHANGED
}
