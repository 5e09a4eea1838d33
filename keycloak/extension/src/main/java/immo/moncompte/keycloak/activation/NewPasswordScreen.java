package immo.moncompte.keycloak.activation;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.Message;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.NewPassword;
import immo.moncompte.keycloak.password.PasswordLogin;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * S4: the owner chooses a password and accepts the terms. Then it begins the activation, or merges
 * if address and password are those of a personal account.
 */
public final class NewPasswordScreen extends Screen {

  private static final String MISSING = "missingCriteria";
  private static final String SHOWN = "shownTerms";

  private final BiConsumer<SignIn, OwnerAccount> merge;

  /**
   * The screen.
   *
   * @param merge merges the provisional account into this personal one, and shows the result
   */
  public NewPasswordScreen(BiConsumer<SignIn, OwnerAccount> merge) {
    super(SignIn.PASSWORD, "new-password.ftl", SignIn.ADDRESS, SignIn.PROVISIONAL, SignIn.LOGIN);
    this.merge = merge;
  }

  @Override
  public String instead(SignIn visit) {
    return ProvenCredentials.screenInsteadAfterAddress(visit);
  }

  @Override
  protected void fill(SignIn visit, LoginFormsProvider form) {
    form.setAttribute("criteria", criteria(visit, form));
    if (RealmSettings.termsVersion(visit.realm()) != null) {
      // Consent is to what was shown, even if the operator changes the version meanwhile.
      visit.keep(SHOWN, RealmSettings.termsVersion(visit.realm()));
      form.setAttribute("terms", RealmSettings.termsShown(visit.realm()));
    }
  }

  private static List<Map<String, Object>> criteria(SignIn visit, LoginFormsProvider form) {
    String kept = visit.kept(MISSING);
    List<String> missing = kept == null ? List.of() : List.of(kept.split(","));
    visit.keep(MISSING, "");
    return new NewPassword(visit.session(), visit.realm()).criteria(form, missing);
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    OwnerAccount account = ProvenCredentials.account(visit).orElseThrow();
    String email = AddressScreen.chosen(visit).orElseThrow();
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    Optional<OwnerAccount> holder = holder(visit, email, password, form);
    if (holder.isPresent()) {
      merge.accept(visit, holder.get());
      return;
    }
    NewPassword.Verdict verdict =
        new NewPassword(visit.session(), visit.realm())
            .check(account.user(), email, password, confirmation(form));
    visit.keep(MISSING, String.join(",", verdict.missing()));
    List<Message> errors = new ArrayList<>(verdict.problems());
    visit.keepTyped("terms", form.getFirst("terms"));
    String version = RealmSettings.termsVersion(visit.realm());
    boolean accepted =
        form.getFirst("terms") != null && version != null && version.equals(visit.kept(SHOWN));
    if (version != null && !accepted) {
      visit.keep("terms", "");
      errors.add(error("terms", "termsMissing"));
    }
    if (!errors.isEmpty()) {
      visit.goTo(name(), errors.toArray(Message[]::new));
      return;
    }
    begin(visit, account, email, password);
  }

  /**
   * The personal account that already has this address and this password. Then the activation is a
   * merge, and the criteria do not apply (specification, rule 5). Once both fields match, the check
   * costs one hash, whether or not there is such an account.
   */
  private static Optional<OwnerAccount> holder(
      SignIn visit, String email, String password, MultivaluedMap<String, String> form) {
    // A limit of its own that tells nothing. If S6 shared it, S6 would tell which addresses have an
    // account.
    SourceLimit source = SourceLimit.of(visit.session(), visit.realm(), "choosing");
    boolean confirmed = password.equals(confirmation(form));
    if (password.isEmpty() || !confirmed) {
      return Optional.empty();
    }
    if (!source.admits(visit.event())) {
      Passwords.spendOneHash(visit.session(), visit.realm());
      return Optional.empty();
    }
    EvenTime time = new EvenTime();
    PasswordLogin.Verdict verdict = PasswordLogin.of(visit).check(email, password);
    if (verdict.right()) {
      source.refund();
    } else {
      time.waitForNextStep();
    }
    return verdict.account().filter(found -> verdict.right());
  }

  private static String confirmation(MultivaluedMap<String, String> form) {
    return Passwords.normalize(form.getFirst(NewPassword.CONFIRMATION));
  }

  private static void begin(SignIn visit, OwnerAccount account, String email, String password) {
    String browserSecret = LinkSecret.generate();
    Links.Sending sending =
        new Activation(visit.session(), visit.realm())
            .begin(
                ProvenCredentials.proof(visit),
                account,
                email,
                password,
                browserSecret,
                visit.authenticationSession());
    if (sending == Links.Sending.ENDED) {
      visit.goTo(SignIn.PASSWORD); // `instead` sends on to S2 or S6, which says why
      return;
    }
    MailSentScreen.markBrowser(visit, browserSecret);
    if (sending == Links.Sending.TOO_MANY) {
      visit.say(error(null, "mailTooMany"));
    }
    if (sending == Links.Sending.SENT) {
      MailSentScreen.logMail(visit, account);
    }
    visit.goTo(SignIn.VERIFY);
  }
}
