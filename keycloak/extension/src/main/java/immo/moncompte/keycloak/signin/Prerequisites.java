package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import java.util.Optional;
import org.keycloak.models.UserModel;

/** What the screens of the activation need before they may show. */
final class Prerequisites {

  private Prerequisites() {}

  /**
   * The provisional credentials, proved and still good. When they no longer are, the visitor learns
   * why the activation starts again, or that it is done.
   *
   * @return the screen to show instead, or null
   */
  static String provenAccount(SignIn signIn) {
    if (signIn.provenAccount().isPresent()) {
      return null;
    }
    ProvisionalProof proof = signIn.proof();
    if (proof == null) {
      return SignIn.PROVISIONAL;
    }
    signIn.forgetProof();
    UserModel user = signIn.session().users().getUserById(signIn.realm(), proof.userId());
    boolean activated = user != null && OwnerAccount.of(user).isPersonal();
    if (activated) {
      signIn.say(SignIn.success("alreadyActivated"));
      return SignIn.LOGIN;
    }
    signIn.say(SignIn.error(null, "activationEnded"));
    return SignIn.PROVISIONAL;
  }

  /** An address chosen at S3, besides. */
  static String chosenAddress(SignIn signIn) {
    String instead = provenAccount(signIn);
    if (instead != null) {
      return instead;
    }
    Optional<String> address = Optional.ofNullable(signIn.kept("email")).flatMap(Addresses::parse);
    return address.isPresent() ? null : SignIn.ADDRESS;
  }
}
