package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.Passkeys;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;

/** S10: the page that the link of M2 opens. It signs nobody in. */
public final class ResetPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "reset";

  /** Field with the ids of the passkeys to remove. */
  private static final String PASSKEYS = "remove-passkey";

  public ResetPage(KeycloakSession session) {
    super(session, MailLink.Kind.RESET, PATH);
  }

  @Override
  protected Response show(Found found) {
    return form(found.account(), NewPassword.Verdict.NONE);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    OwnerAccount account = found.account();
    NewPassword.Verdict verdict =
        new NewPassword(session(), realm()).check(account.user(), account.user().getEmail(), form);
    if (!verdict.accepts()) {
      return form(account, verdict);
    }
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    List<String> removedPasskeys = form.getOrDefault(PASSKEYS, List.of());
    String locale = session().getContext().resolveLocale(null).toLanguageTag();
    Optional<LinkKey> done =
        new Reset(session(), realm()).complete(key, password, removedPasskeys, locale);
    if (done.isEmpty()) {
      return refused();
    }
    endOtherSession();
    new DeviceCookie(session(), realm()).remember(RowLock.reread(session(), realm(), key.userId()));
    URI next = URI.create(done.get().url(session(), ResetDonePage.PATH));
    return Response.seeOther(next).build();
  }

  private Response form(OwnerAccount account, NewPassword.Verdict verdict) {
    LoginFormsProvider form = form(null);
    warnOfOtherSession(form, account.user());
    form.setAttribute("address", EmailAddress.shown(account.user().getEmail()));
    form.setAttribute(
        "criteria", new NewPassword(session(), realm()).criteria(form, verdict.missing()));
    form.setAttribute("passkeys", passkeys(account));
    verdict.messages().forEach(form::addError);
    return page(form, "reset-password.ftl");
  }

  /** Shown to be removed: a stranger may have added one (specification, rule 12). */
  private List<Map<String, String>> passkeys(OwnerAccount account) {
    Dates dates = new Dates(realm(), session().getContext().resolveLocale(null));
    return new Passkeys(account.user())
        .list().stream()
            .map(
                passkey ->
                    Map.of(
                        "id", passkey.id(),
                        "label", passkey.label(),
                        "added", dates.day(passkey.addedAt())))
            .toList();
  }
}
