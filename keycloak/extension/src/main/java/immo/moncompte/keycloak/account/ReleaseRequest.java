package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.Instant;

/**
 * An agency's request to release an identifier of a personal account. The account keeps it until it
 * is carried out, so that the reader of the mailbox can refuse.
 *
 * @param agency codes of the agency, {@code 1001/01}
 * @param identifier the identifier, as the agency writes it
 * @param askedAt seconds since the epoch
 * @param dueAt from when on it can be carried out, seconds since the epoch
 * @param linkHash SHA-256 of the secret of the link that refuses
 * @param refusedAt when the link was used, seconds since the epoch; 0 before
 */
public record ReleaseRequest(
    String agency, String identifier, long askedAt, long dueAt, String linkHash, long refusedAt) {

  /** How long after it was due a request that nobody carried out is forgotten. */
  private static final Duration KEPT = Duration.ofDays(30);

  public boolean isAbout(Identifier other) {
    return other.isWritten(agency, identifier);
  }

  public Instant asked() {
    return Instant.ofEpochSecond(askedAt);
  }

  public Instant due() {
    return Instant.ofEpochSecond(dueAt);
  }

  /** When the owner refused, or null. */
  public Instant refused() {
    return wasRefused() ? Instant.ofEpochSecond(refusedAt) : null;
  }

  public boolean wasRefused() {
    return refusedAt > 0;
  }

  public boolean isDue(Instant now) {
    return now.getEpochSecond() >= dueAt;
  }

  /** Whether it is so old that it counts no more. */
  public boolean isForgotten(Instant now) {
    return now.getEpochSecond() >= dueAt + KEPT.toSeconds();
  }

  public ReleaseRequest withRefusal(Instant now) {
    return new ReleaseRequest(agency, identifier, askedAt, dueAt, linkHash, now.getEpochSecond());
  }
}
