package immo.moncompte.keycloak.account;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.models.UserModel;

/** The links in mails that an account keeps; some may be invalid by now. */
public record KeptLinks(UserModel user) {

  /** Attribute that holds the links, each as JSON. */
  public static final String LINKS = "links";

  public List<MailLink> all() {
    return user.getAttributeStream(LINKS).map(v -> Json.read(v, MailLink.class)).toList();
  }

  /** The link of a kind of which an account has one. */
  public Optional<MailLink> one(MailLink.Kind kind) {
    return all().stream().filter(link -> link.kind() == kind).findFirst();
  }

  /** Adds a link; it replaces the last one, if its kind is one of which an account has one. */
  public void add(MailLink link) {
    Stream<MailLink> others =
        all().stream().filter(one -> one.kind() != link.kind() || link.kind().outlivesChanges());
    set(Stream.concat(others, Stream.of(link)).toList());
  }

  public void set(List<MailLink> links) {
    user.setAttribute(LINKS, links.stream().map(Json::write).toList());
  }

  /** Ends the links that do not outlive a change of the account. */
  public void end() {
    set(all().stream().filter(link -> link.kind().outlivesChanges()).toList());
  }

  public void remove(MailLink.Kind... kinds) {
    List<MailLink.Kind> removed = List.of(kinds);
    set(all().stream().filter(link -> !removed.contains(link.kind())).toList());
  }
}
