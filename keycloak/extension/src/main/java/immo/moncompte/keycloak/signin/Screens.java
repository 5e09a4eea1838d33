package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.AddressScreen;
import immo.moncompte.keycloak.activation.MailSentScreen;
import immo.moncompte.keycloak.activation.NewPasswordScreen;
import immo.moncompte.keycloak.activation.ProvisionalScreen;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.merge.MergePasswordScreen;
import immo.moncompte.keycloak.merge.MergeScreen;
import immo.moncompte.keycloak.merge.MergedScreen;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All screens. A new one is a class and a line here. */
final class Screens {

  private static final Map<String, Screen> BY_NAME =
      List.of(
              new CodesScreen(),
              new WelcomeScreen(),
              new ProvisionalScreen(),
              new AddressScreen(),
              new NewPasswordScreen(MergePasswordScreen::merge),
              new MailSentScreen(),
              new LoginScreen(),
              new MergeScreen(),
              new MergePasswordScreen(),
              new MergedScreen(),
              new ForgottenScreen(),
              new ForgottenSentScreen())
          .stream()
          .collect(Collectors.toMap(Screen::name, Function.identity()));

  private Screens() {}

  static boolean exists(String name) {
    return name != null && BY_NAME.containsKey(name);
  }

  /** The named screen, or the one that must come first. */
  static Screen reachable(String name, SignIn visit) {
    Screen screen = BY_NAME.get(name);
    String instead = screen.instead(visit);
    return instead == null ? screen : reachable(instead, visit);
  }
}
