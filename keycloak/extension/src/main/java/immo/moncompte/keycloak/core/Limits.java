package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.core.Throttle.Admission;
import immo.moncompte.keycloak.core.Throttle.Limit;
import java.util.List;

/**
 * Limits that an attempt has to keep all together. Counting it and settling it cost the same,
 * whichever limit refuses and whether or not the attempt was right (specification, rule 7).
 */
record Limits(Throttle throttle, List<Limit> limits) {

  private static final int MAX_NOTHINGS = 256;

  /** Counts an attempt against each limit. One that does not pass is counted nowhere. */
  Admission admit() {
    List<Admission> admissions = limits.stream().map(throttle::admit).toList();
    if (admissions.stream().allMatch(Admission.PASSES::equals)) {
      return Admission.PASSES;
    }
    for (int i = 0; i < limits.size(); i++) {
      if (admissions.get(i) == Admission.PASSES) {
        throttle.refund(limits.get(i));
      }
    }
    return admissions.contains(Admission.FIRST_BEYOND) ? Admission.FIRST_BEYOND : Admission.BEYOND;
  }

  /** Undoes the count of an attempt that was right, or leaves the count of a wrong one. */
  void settle(boolean right) {
    limits.forEach(limit -> throttle.refund(right ? limit : nothing(limit)));
  }

  /** A count that nobody reads. There are few, so that wrong guesses fill no memory. */
  private static Limit nothing(Limit limit) {
    int number = Math.floorMod(limit.subject().hashCode(), MAX_NOTHINGS);
    return Limit.ofAnHour("wrong:" + number, 0);
  }

  boolean isAnyFull() {
    return limits.stream().anyMatch(throttle::isFull);
  }
}
