package immo.moncompte.keycloak.account;

import java.time.Instant;
import java.util.List;
import org.keycloak.models.UserModel;

/** Since when a personal account has no contract, and whether its owner was warned. */
public record Inactivity(UserModel user) {

  private static final String CONTRACTS_ENDED_AT = "contracts_ended_at";
  private static final String WARNED_AT = "warned_at";

  /** Since when the account has had no contract, or null when that was not noted. */
  public Instant contractsEndedAt() {
    return Seconds.read(user, CONTRACTS_ENDED_AT);
  }

  /** Notes when the last contract goes. A contract that comes ends what its absence began. */
  void noteContracts(List<Contract> before, List<Contract> after) {
    if (!after.isEmpty()) {
      removeIfThere(CONTRACTS_ENDED_AT);
      removeIfThere(WARNED_AT);
    } else if (!before.isEmpty()) {
      Seconds.write(user, CONTRACTS_ENDED_AT, Instant.now());
    }
  }

  /** Notes that the owner was told that the account is going to be deleted. */
  public void markWarned(Instant now) {
    Seconds.write(user, WARNED_AT, now);
  }

  /** Whether the owner was told so, and has neither signed in nor got a contract since. */
  public boolean isWarned() {
    return user.getFirstAttribute(WARNED_AT) != null;
  }

  /** The owner has signed in. */
  public void clearWarning() {
    removeIfThere(WARNED_AT);
  }

  private void removeIfThere(String attribute) {
    if (user.getFirstAttribute(attribute) != null) {
      user.removeAttribute(attribute);
    }
  }
}
