package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/** One request of a sign-in, for the screens. */
public final class SignIn extends Visit {

  public static final String CODES = "codes";
  public static final String WELCOME = "welcome";
  public static final String PROVISIONAL = "provisional";
  public static final String ADDRESS = "address";
  public static final String PASSWORD = "password";
  public static final String VERIFY = "verify";
  public static final String LOGIN = "login";
  public static final String MERGE = "merge";
  public static final String MERGE_PASSWORD = "merge-password";
  public static final String MERGED = "merged";
  public static final String FORGOTTEN = "forgotten";
  public static final String FORGOTTEN_SENT = "forgotten-sent";

  // Client notes survive a restart of the flow, authentication notes do not.
  private static final String AGENCY_NOTE = "moncompte.agency";
  private static final String SCREEN_NOTE = "moncompte.screen";
  private static final String VALUES_NOTE = "moncompte.values";

  private final AuthenticationFlowContext context;

  public SignIn(AuthenticationFlowContext context) {
    super(context.getSession(), context.getAuthenticationSession(), VALUES_NOTE);
    this.context = context;
  }

  public AuthenticationFlowContext context() {
    return context;
  }

  @Override
  public UserModel user() {
    return context.getUser();
  }

  @Override
  public EventBuilder event() {
    return context.getEvent().clone();
  }

  // ---- the agency

  /** The agency chosen at S0 or named by the authorization request, if it exists. */
  public Optional<Agency> agency() {
    String chosen = authenticationSession().getClientNote(AGENCY_NOTE);
    if (chosen != null) {
      return Agency.findByAlias(session(), chosen);
    }
    return requestedCodes().agency(session());
  }

  public void choose(Agency agency) {
    authenticationSession().setClientNote(AGENCY_NOTE, agency.getAlias());
  }

  /** The codes of the entry URL; without any, both are null. */
  public TypedCodes requestedCodes() {
    return new TypedCodes(requested("client"), requested("societe"));
  }

  /** The identifier of a letter's QR code, or null. */
  public String requestedIdentifier() {
    return requested("identifiant");
  }

  // ---- where the visitor is

  public String currentScreen() {
    return authenticationSession().getAuthNote(SCREEN_NOTE);
  }

  /** Shows a screen by a redirect, so that reload repeats nothing and the back button works. */
  public void goTo(String screen, Message... said) {
    if (said.length > 0) {
      say(said);
    }
    authenticationSession().setAuthNote(SCREEN_NOTE, screen);
    sendTo(URI.create(withScreen(context.getRefreshExecutionUrl(), screen)));
  }

  /** Sends the browser to an address of the application. */
  public void sendTo(URI address) {
    context.forceChallenge(Response.seeOther(address).build());
  }

  /** Adds the screen to an address that already has parameters. */
  private static String withScreen(URI address, String screen) {
    return address + "&" + LoginLink.SCREEN + "=" + screen;
  }

  // ---- what stands on the next page

  public void keepTyped(TypedCodes codes) {
    keepTyped("client", codes.client());
    keepTyped("societe", codes.societe());
  }

  /** A form for a screen with what every page shows; the screen adds its own and shows it. */
  public LoginFormsProvider form(String screen, String... links) {
    authenticationSession().setAuthNote(SCREEN_NOTE, screen);
    LoginFormsProvider form = context.form();
    String action = withScreen(context.getActionUrl(context.generateAccessCode()), screen);
    URI here = context.getRefreshExecutionUrl();
    Map<String, String> linked = new HashMap<>();
    for (String link : links) {
      linked.put(link, withScreen(here, link));
    }
    form.setAttribute("screen", Map.of("action", action, "links", linked));
    form.setAttribute("agency", agency().orElse(null));
    form.setAttribute(
        "otherSession", otherSession().map(other -> other.getUser().getUsername()).orElse(null));
    return filled(form);
  }

  public void show(LoginFormsProvider form, String template) {
    context.forceChallenge(form.createForm(template));
  }

  /**
   * Ends the session of another owner in this browser (specification, rule 14).
   *
   * @param said what the next page says about it
   * @return whether there was one
   */
  public boolean endOtherSession(Message said) {
    return end(otherSession(), said);
  }

  /** The session of this browser, unless its owner is being re-authenticated. */
  private Optional<UserSessionModel> otherSession() {
    UserModel known = user();
    return Sessions.ofBrowser(session(), realm())
        .filter(found -> known == null || !known.getId().equals(found.getUser().getId()));
  }

  /** Ends any session of this browser: somebody else activates here. */
  public void endAnySession() {
    end(Sessions.ofBrowser(session(), realm()), Message.info("sessionEnded"));
  }

  private boolean end(Optional<UserSessionModel> found, Message said) {
    found.ifPresent(
        other -> {
          Sessions.endOfBrowser(session(), realm(), other);
          context.clearUser();
          say(said);
        });
    return found.isPresent();
  }
}
