package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a merge moved, kept on the surviving account for as long as the merge can be undone.
 *
 * @param id names the merge, in the event and in commands
 * @param at when, seconds since the epoch
 * @param formerId id of the provisional account that went
 * @param identifiers the former identifiers that came, {@code 1001/01/p00012}
 * @param contracts the contracts that came
 * @param contacts what the agency held, which came
 */
public record MergeRecord(
    String id,
    long at,
    String formerId,
    List<String> identifiers,
    List<Contract> contracts,
    List<Contact> contacts) {

  /** Keeps it on the account that stays, and forgets those that can no longer be undone. */
  public void keepOn(OwnerAccount account, Duration undoable) {
    long oldest = Instant.now().minus(undoable).getEpochSecond();
    Stream<MergeRecord> kept = account.merges().stream().filter(merge -> merge.at() >= oldest);
    account.setMerges(Stream.concat(kept, Stream.of(this)).toList());
  }

  /** Whether the merge brought this identifier. */
  public boolean brought(Identifier identifier) {
    return identifiers.contains(identifier.attributeValue());
  }

  /** The same merge, of an identifier that has another name by now. */
  MergeRecord renamed(Identifier from, Identifier to) {
    return new MergeRecord(
        id,
        at,
        formerId,
        identifiers.stream()
            .map(one -> one.equals(from.attributeValue()) ? to.attributeValue() : one)
            .toList(),
        contracts.stream().map(one -> one.renamed(from, to)).toList(),
        contacts.stream().map(one -> one.renamed(from, to)).toList());
  }

  /** What is left to undo of the merge once an identifier has gone back. */
  public MergeRecord without(Identifier identifier) {
    return new MergeRecord(
        id,
        at,
        formerId,
        identifiers.stream().filter(one -> !one.equals(identifier.attributeValue())).toList(),
        contracts.stream().filter(one -> !one.isUnder(identifier)).toList(),
        contacts.stream().filter(one -> !one.isUnder(identifier)).toList());
  }
}
