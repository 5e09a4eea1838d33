package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.core.Links.Found;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.models.UserModel;
import org.keycloak.services.util.LocaleUtil;

/**
 * Serves a {@link LinkPage}. Opening it changes nothing, however often a mail scanner does so: only
 * its button acts, by a POST to the same address (specification, rule 2).
 */
public final class LinkResource {

  private final LinkPage page;

  public LinkResource(LinkPage page) {
    this.page = page;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    // The links of the page itself change its language.
    LocaleUtil.processLocaleParam(page.session(), page.realm(), null);
    return find(typedKey).map(page::show).orElseGet(page::refused);
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response press(
      @QueryParam("key") String typedKey,
      @HeaderParam("Sec-Fetch-Site") String from,
      MultivaluedMap<String, String> form) {
    // Else a page elsewhere could have this browser use a link of somebody else.
    if ("cross-site".equals(from)) {
      return page.refused();
    }
    return find(typedKey)
        .map(found -> page.act(LinkKey.parse(typedKey).orElseThrow(), found, form))
        .orElseGet(page::refused);
  }

  /**
   * Finds the link of a key; guesses are counted per account and source (specification, rule 8).
   */
  private Optional<Found> find(String typedKey) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    Optional<Found> found = page.links().find(page.kind(), key.get());
    SourceLimit source = SourceLimit.ofLinks(page.session(), page.realm(), whose(found, key.get()));
    if (!source.admits(page.event())) {
      return Optional.empty();
    }
    found.ifPresent(right -> source.refund());
    return found;
  }

  /** The account that a key is about: the one that it was merged into, or none. */
  private String whose(Optional<Found> found, LinkKey key) {
    UserModel user =
        found
            .map(right -> right.account().user())
            .orElseGet(() -> page.session().users().getUserById(page.realm(), key.userId()));
    return user == null ? "none" : user.getId();
  }
}
