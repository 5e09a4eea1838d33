package immo.moncompte.keycloak.core;

import java.time.Instant;

/**
 * A link by which whoever was told of something may dispute it, kept on the account.
 *
 * @param linkHash SHA-256 of the link's secret
 * @param reason what was told
 * @param at when that happened, seconds since the epoch
 * @param expires until when the link works, seconds since the epoch
 * @param detail what the page says besides, for instance the agency; or null
 */
public record Dispute(String linkHash, Reason reason, long at, long expires, String detail) {

  boolean isExpired(Instant now) {
    return now.getEpochSecond() >= expires;
  }
}
