package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import java.util.List;

/**
 * What went back, or would.
 *
 * @param merge id of the merge
 * @param mergedAt when the merge was made
 * @param identifier the identifier, as the agency writes it
 * @param contracts its contracts as they are now
 * @param contact what the agency holds under it
 * @param maskedEmail address of the personal account they leave, as an agency may see it (rule 10)
 * @param leavesAgency whether the personal account has no other contract at this agency
 * @param expires until when the new credentials work; null in a dry run
 */
public record UndoAnswer(
    String merge,
    @JsonProperty("merged_at") String mergedAt,
    String identifier,
    List<Contract> contracts,
    Contact contact,
    @JsonProperty("masked_email") String maskedEmail,
    @JsonProperty("leaves_agency") boolean leavesAgency,
    String expires) {}
