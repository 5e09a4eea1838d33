package immo.moncompte.keycloak.account;

import java.util.List;
import org.keycloak.models.UserModel;

/** An identifier of an account, with all that is kept under it. */
public record AccountIdentifier(OwnerAccount account, Identifier identifier) {

  /** Takes it off the account, with its contracts, contact details, requests and merges. */
  public void remove() {
    List<String> others =
        account.identifiers().stream().filter(one -> !one.equals(value())).toList();
    account.setIdentifiers(others);
    account.setContracts(
        account.contracts().stream().filter(one -> !one.isUnder(identifier)).toList());
    account.setContacts(
        account.contacts().stream().filter(one -> !one.isUnder(identifier)).toList());
    account.setMerges(
        account.merges().stream()
            .map(merge -> merge.without(identifier))
            .filter(merge -> !merge.identifiers().isEmpty())
            .toList());
    removeLinks();
    if (account.wasActivatedBy(value())) {
      user().removeAttribute(OwnerAccount.ACTIVATED_IDENTIFIER);
    }
  }

  /** Puts another identifier in its place, in all that is kept under it. */
  public void rename(Identifier to) {
    account.setIdentifiers(
        account.identifiers().stream()
            .map(one -> one.equals(value()) ? to.attributeValue() : one)
            .toList());
    account.setContracts(
        account.contracts().stream().map(one -> one.renamed(identifier, to)).toList());
    account.setContacts(
        account.contacts().stream().map(one -> one.renamed(identifier, to)).toList());
    account.setMerges(account.merges().stream().map(one -> one.renamed(identifier, to)).toList());
    removeLinks();
    if (account.wasActivatedBy(value())) {
      user().setSingleAttribute(OwnerAccount.ACTIVATED_IDENTIFIER, to.attributeValue());
    }
  }

  private void removeLinks() {
    account
        .links()
        .set(account.links().all().stream().filter(one -> !one.isAbout(identifier)).toList());
  }

  private String value() {
    return identifier.attributeValue();
  }

  private UserModel user() {
    return account.user();
  }
}
