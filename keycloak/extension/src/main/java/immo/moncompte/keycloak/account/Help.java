package immo.moncompte.keycloak.account;

import org.keycloak.models.RealmModel;

/**
 * Where an owner finds help: a page, or else a telephone number and an address. A class with
 * getters and no record, because the pages read it and FreeMarker takes a record's accessors for
 * methods.
 */
public final class Help {

  private final String url;
  private final String phone;
  private final String email;

  /**
   * Help as it was configured.
   *
   * @param url https address of a help page, or null
   * @param phone telephone number, or null
   * @param email address, or null
   */
  Help(String url, String phone, String email) {
    this.url = url;
    this.phone = phone;
    this.email = email;
  }

  /** The agency's help when the agency is known and gives one, else the operator's, else null. */
  public static Help of(RealmModel realm, Agency agency) {
    if (agency != null && agency.help().isGiven()) {
      return agency.help();
    }
    Help operator =
        new Help(
            realm.getAttribute("moncompte.helpUrl"),
            realm.getAttribute("moncompte.helpPhone"),
            realm.getAttribute("moncompte.helpEmail"));
    return operator.isGiven() ? operator : null;
  }

  private boolean isGiven() {
    return url != null || phone != null || email != null;
  }

  public String getUrl() {
    return url;
  }

  public String getPhone() {
    return phone;
  }

  public String getEmail() {
    return email;
  }
}
