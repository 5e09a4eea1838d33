package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import immo.moncompte.keycloak.throttle.AccountLock;
import immo.moncompte.keycloak.throttle.SourceLimit;
import immo.moncompte.keycloak.web.OtherSession;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;

/**
 * S2: the provisional credentials of the agency's letter.
 *
 * <p>Unknown, wrong, locked, disabled and expired answer alike, in words and in time (spec, rule
 * 7).
 */
final class ProvisionalScreen implements Screen {

  private static final int SHOWN_BACK = 64;

  @Override
  public String name() {
    return SignIn.PROVISIONAL;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.agency().isEmpty() ? SignIn.CODES : null;
  }

  @Override
  public void show(SignIn signIn) {
    if (signIn.kept("identifier") == null && signIn.requestedIdentifier() != null) {
      signIn.keep("identifier", shortened(signIn.requestedIdentifier()));
    }
    signIn.show(signIn.form(name(), SignIn.LOGIN, SignIn.WELCOME), "provisional.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    Agency agency = signIn.agency().orElseThrow();
    String typed = form.getFirst("identifier");
    signIn.keep("identifier", shortened(typed));
    signIn.forgetProof();

    SourceLimit source =
        SourceLimit.of(signIn.session(), signIn.realm(), "provisional", agency.getAlias());
    if (!source.admits()) {
      source.tell(signIn.context().newEvent());
      refuse(signIn, "tooManyAttempts");
      return;
    }
    Optional<Identifier> identifier = Identifier.parse(agency.getAlias(), typed);
    Optional<OwnerAccount> account =
        identifier.flatMap(
            known -> OwnerAccount.findProvisional(signIn.session(), signIn.realm(), known));
    Optional<CredentialModel> credential = account.flatMap(found -> usable(signIn, found));
    boolean proved =
        ProvisionalPassword.verify(
            signIn.session(), signIn.realm(), form.getFirst("password"), credential.orElse(null));
    if (!proved) {
      countFailure(signIn, account, credential);
      logRefusal(signIn, agency, account);
      refuse(signIn, "provisionalRefused");
      return;
    }
    source.succeeded();
    lock(signIn).succeeded(account.orElseThrow().user());
    endOtherSession(signIn);
    signIn.proved(
        ProvisionalProof.of(
            account.orElseThrow(), identifier.orElseThrow(), credential.orElseThrow()));
    String suggested = account.orElseThrow().suggestedEmail();
    signIn.keep("email", suggested == null ? "" : suggested);
    signIn.goTo(SignIn.ADDRESS);
  }

  /** The credential to verify, unless account, letter or lock forbid it. */
  private static Optional<CredentialModel> usable(SignIn signIn, OwnerAccount account) {
    if (!account.user().isEnabled() || account.isExpired(Instant.now())) {
      return Optional.empty();
    }
    return account
        .credential(OwnerAccount.PROVISIONAL_PASSWORD)
        .filter(credential -> !needsLock(credential) || lock(signIn).admits(account.user()));
  }

  /** Guessing at 64 random bits is hopeless, and must not lock the owner out (spec, rule 8). */
  private static boolean needsLock(CredentialModel credential) {
    return !ProvisionalPassword.isGenerated(credential);
  }

  private static void countFailure(
      SignIn signIn, Optional<OwnerAccount> account, Optional<CredentialModel> verified) {
    if (verified.filter(ProvisionalScreen::needsLock).isPresent()) {
      lock(signIn).failed(account.orElseThrow().user());
      return;
    }
    lock(signIn).failedForNobody();
  }

  private static AccountLock lock(SignIn signIn) {
    return new AccountLock(signIn.session(), signIn.realm());
  }

  private static void endOtherSession(SignIn signIn) {
    if (!OtherSession.end(signIn.session(), signIn.realm())) {
      return;
    }
    signIn.context().clearUser();
    signIn.say(SignIn.info("sessionEnded"));
  }

  /** An event for the operator, without anything typed that was not found (spec, rule 6). */
  private static void logRefusal(SignIn signIn, Agency agency, Optional<OwnerAccount> account) {
    EventBuilder event =
        signIn
            .context()
            .newEvent()
            .event(EventType.LOGIN)
            .detail("agency", agency.getCodes())
            .detail("screen", SignIn.PROVISIONAL);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }

  private static void refuse(SignIn signIn, String key) {
    signIn.say(SignIn.error(null, key));
    signIn.goTo(SignIn.PROVISIONAL);
  }

  private static String shortened(String typed) {
    String text = typed == null ? "" : typed.strip();
    return text.length() <= SHOWN_BACK ? text : text.substring(0, SHOWN_BACK);
  }
}
