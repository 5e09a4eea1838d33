package immo.moncompte.keycloak.password;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Message;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;

/** A password that an owner chooses at S4, S10 or S11: its criteria, and what is wrong with it. */
public record NewPassword(KeycloakSession session, RealmModel realm) {

  /** Field of the password. */
  public static final String FIELD = "password-new";

  /** Field of the same password once more. */
  public static final String CONFIRMATION = "password-confirm";

  private static final long MAX_CHARACTERS = 1024;

  /**
   * The result of a check.
   *
   * @param problems what to say; empty when the password can be taken
   * @param missing ids of the criteria that are not met
   */
  public record Verdict(List<Message> problems, List<String> missing) {

    /** Nothing was typed yet. */
    public static final Verdict NONE = new Verdict(List.of(), List.of());

    public boolean accepts() {
      return problems.isEmpty();
    }

    /** The problems as a form shows them. */
    public List<FormMessage> messages() {
      return problems.stream().map(Message::asError).toList();
    }
  }

  /** Checks the fields {@link #FIELD} and {@link #CONFIRMATION} of a form. */
  public Verdict check(UserModel user, String email, MultivaluedMap<String, String> form) {
    return check(
        user,
        email,
        Passwords.normalize(form.getFirst(FIELD)),
        Passwords.normalize(form.getFirst(CONFIRMATION)));
  }

  /**
   * Checks a new password by the realm's policy.
   *
   * @param user the account it is for
   * @param email the address the account has or will have
   * @param password the password typed, normalized
   * @param confirmation the same once more, normalized
   */
  public Verdict check(UserModel user, String email, String password, String confirmation) {
    List<Message> problems = new ArrayList<>();
    List<String> missing = List.of();
    if (password.isEmpty()) {
      problems.add(error(FIELD, "passwordMissing"));
    } else if (password.length() > MAX_CHARACTERS) {
      problems.add(error(FIELD, "passwordTooLong", MAX_CHARACTERS));
    } else {
      missing =
          Criterion.of(realm).stream()
              .filter(criterion -> !criterion.isMet(session, realm, user, email, password))
              .map(Criterion::id)
              .toList();
      if (!missing.isEmpty()) {
        problems.add(error(FIELD, "passwordCriteria"));
      }
    }
    if (!password.equals(confirmation)) {
      problems.add(error(CONFIRMATION, "passwordConfirmMismatch"));
    }
    return new Verdict(problems, missing);
  }

  /**
   * The criteria as the pages show them.
   *
   * @param form the page's form, which gives the sentences in its language
   * @param missing ids of those that the password last tried does not meet
   */
  public List<Map<String, Object>> criteria(LoginFormsProvider form, Collection<String> missing) {
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Criterion criterion : Criterion.of(realm)) {
      Map<String, Object> bean = new HashMap<>();
      bean.put("id", criterion.id());
      bean.put("number", criterion.number());
      bean.put("text", sentence(form, criterion));
      bean.put("live", criterion.isLive());
      bean.put("missing", missing.contains(criterion.id()));
      shown.add(bean);
    }
    return shown;
  }

  private String sentence(LoginFormsProvider form, Criterion criterion) {
    Optional<String> operators = operatorsSentence(criterion);
    if (operators.isPresent()) {
      return operators.get();
    }
    String sentence = form.getMessage(criterion.messageKey(), criterion.number());
    boolean unknown = sentence == null || sentence.equals(criterion.messageKey());
    return unknown ? form.getMessage("criterion-other") : sentence;
  }

  /** The sentence of the manifest for a pattern, which cannot be shown to an owner. */
  private Optional<String> operatorsSentence(Criterion criterion) {
    if (!criterion.id().equals("regexPattern")) {
      return Optional.empty();
    }
    Locale language = session.getContext().resolveLocale(null);
    return RealmSettings.passwordPatternSentence(realm, language);
  }
}
