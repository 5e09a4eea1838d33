package immo.moncompte.keycloak.merge;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.ProvenCredentials;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.password.PasswordLogin;
import immo.moncompte.keycloak.password.PasswordLogin.Attempt;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * S8: the password of the personal account, the second proof of a merge (specification, rule 4).
 * Nothing here tells whether the address has an account.
 */
public final class MergePasswordScreen extends Screen {

  public MergePasswordScreen() {
    super(
        SignIn.MERGE_PASSWORD, "merge-password.ftl", SignIn.MERGE, SignIn.LOGIN, SignIn.FORGOTTEN);
  }

  @Override
  public String instead(SignIn visit) {
    boolean addressGiven = EmailAddress.parse(visit.kept("merge-email")).isPresent();
    if (!addressGiven || ProvenCredentials.proof(visit) == null) {
      return SignIn.MERGE;
    }
    if (ProvenCredentials.account(visit).isEmpty()) {
      ProvenCredentials.forget(visit);
      visit.say(error(null, "mergeEnded"));
      return SignIn.MERGE;
    }
    return null;
  }

  @Override
  protected void fill(SignIn visit, LoginFormsProvider form) {
    form.setAttribute("address", visit.kept("merge-email"));
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    String password = Passwords.normalize(form.getFirst("password"));
    Attempt attempt =
        PasswordLogin.of(visit).attempt(visit.kept("merge-email"), password, "loginRefused");
    if (attempt.isRefused()) {
      visit.goTo(name(), error("password", attempt.refusal()));
      return;
    }
    merge(visit, attempt.account());
  }

  /** Merges the proved provisional account into the personal account, and shows the result. */
  public static void merge(SignIn visit, OwnerAccount personal) {
    String locale = visit.session().getContext().resolveLocale(personal.user()).toLanguageTag();
    boolean merged =
        new Merge(visit.session(), visit.realm())
            .merge(ProvenCredentials.proof(visit), personal.id(), locale);
    ProvenCredentials.forget(visit);
    if (!merged) {
      visit.goTo(SignIn.MERGE, error(null, "mergeEnded"));
      return;
    }
    Sessions.endOthers(visit.session(), visit.realm(), personal.user(), null);
    visit.keep("username", EmailAddress.shown(personal.user().getUsername()));
    visit.keep(MergedScreen.DONE, "true");
    visit.goTo(SignIn.MERGED);
  }
}
