package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.merge.Merge;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.password.PersonalCheck;
import immo.moncompte.keycloak.throttle.SourceLimit;
import immo.moncompte.keycloak.web.Sessions;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * S8: the password of the personal account, the second proof of a merge (spec, rule 4). Nothing
 * here tells whether the address has an account.
 */
final class MergePasswordScreen implements Screen {

  @Override
  public String name() {
    return SignIn.MERGE_PASSWORD;
  }

  @Override
  public String instead(SignIn signIn) {
    boolean addressGiven = Addresses.parse(signIn.kept("merge-email")).isPresent();
    if (!addressGiven || signIn.proof() == null) {
      return SignIn.MERGE;
    }
    if (signIn.provenAccount().isEmpty()) {
      signIn.forgetProof();
      signIn.say(SignIn.error(null, "mergeEnded"));
      return SignIn.MERGE;
    }
    return null;
  }

  @Override
  public void show(SignIn signIn) {
    LoginFormsProvider form = signIn.form(name(), SignIn.MERGE, SignIn.LOGIN, SignIn.FORGOTTEN);
    form.setAttribute("address", signIn.kept("merge-email"));
    signIn.show(form, "merge-password.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    PersonalCheck check = signIn.personalCheck();
    SourceLimit source = check.source();
    if (!source.admits(signIn.event())) {
      refuse(signIn, "tooManyAttempts");
      return;
    }
    String email = signIn.kept("merge-email");
    Optional<OwnerAccount> personal =
        check.verified(email, Passwords.normalize(form.getFirst("password")));
    if (personal.isEmpty()) {
      refuse(signIn, "loginRefused");
      return;
    }
    source.succeeded();
    merge(signIn, personal.get());
  }

  /** Merges what was proved here into the personal account, and shows what came of it. */
  static void merge(SignIn signIn, OwnerAccount personal) {
    String locale = signIn.session().getContext().resolveLocale(personal.user()).toLanguageTag();
    boolean merged =
        new Merge(signIn.session(), signIn.realm()).merge(signIn.proof(), personal.id(), locale);
    signIn.forgetProof();
    if (!merged) {
      signIn.say(SignIn.error(null, "mergeEnded"));
      signIn.goTo(SignIn.MERGE);
      return;
    }
    Sessions.endOthers(signIn.session(), signIn.realm(), personal.user(), null);
    signIn.keep("username", personal.user().getUsername());
    signIn.keep(MergedScreen.DONE, "true");
    signIn.goTo(SignIn.MERGED);
  }

  private static void refuse(SignIn signIn, String key) {
    signIn.say(SignIn.error("password", key));
    signIn.goTo(SignIn.MERGE_PASSWORD);
  }
}
