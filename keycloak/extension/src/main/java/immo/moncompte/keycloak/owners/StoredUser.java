package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.UserCredentialManager;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.SubjectCredentialManager;
import org.keycloak.models.UserModel;
import org.keycloak.storage.adapter.InMemoryUserAdapter;

/**
 * A user in memory, with its credentials, as {@link OwnerStore} read it or is to insert it. What is
 * changed here is written by {@link OwnerStore#update}: names, attributes, credentials and the
 * membership, nothing else.
 */
final class StoredUser extends InMemoryUserAdapter {

  /** What is in the user's own row; Keycloak's models show it among the attributes. */
  private static final Set<String> OWN_COLUMNS =
      Set.of(UserModel.USERNAME, UserModel.FIRST_NAME, UserModel.LAST_NAME, UserModel.EMAIL);

  private final List<CredentialModel> credentials = new ArrayList<>();
  private final Set<String> removedCredentials = new HashSet<>();
  private boolean isMember;

  // As it was read.
  private final Map<String, List<String>> attributesRead = new HashMap<>();
  private final Map<String, List<String>> attributeIds = new HashMap<>();
  private List<String> namesRead = List.of();
  private boolean wasMember;

  StoredUser(KeycloakSession session, RealmModel realm, String id) {
    super(session, realm, id);
  }

  OwnerAccount account() {
    return new OwnerAccount(this);
  }

  void readNames(String firstName, String lastName) {
    setFirstName(firstName);
    setLastName(lastName);
    namesRead = names();
  }

  void readAttribute(String id, String name, String value) {
    attributeIds.computeIfAbsent(name, one -> new ArrayList<>()).add(id);
    attributesRead.computeIfAbsent(name, one -> new ArrayList<>()).add(value);
    getAttributes().computeIfAbsent(name, one -> new ArrayList<>()).add(value);
  }

  void readCredential(CredentialModel credential) {
    credentials.add(credential);
  }

  void readMembership() {
    isMember = true;
    wasMember = true;
  }

  boolean isMember() {
    return isMember;
  }

  void join() {
    isMember = true;
  }

  boolean hasJoined() {
    return isMember && !wasMember;
  }

  boolean isRenamed() {
    return !names().equals(namesRead);
  }

  private List<String> names() {
    return Arrays.asList(getFirstName(), getLastName());
  }

  /** The names of attributes whose values are others than before; as in Keycloak, in any order. */
  Set<String> changedAttributes() {
    Set<String> changed = new HashSet<>(attributesRead.keySet());
    changed.addAll(attributeNames());
    changed.removeIf(
        name ->
            sorted(attributesRead.getOrDefault(name, List.of()))
                .equals(sorted(attributeValues(name))));
    return changed;
  }

  Set<String> attributeNames() {
    Set<String> names = new HashSet<>(getAttributes().keySet());
    names.removeAll(OWN_COLUMNS);
    return names;
  }

  List<String> attributeValues(String name) {
    return getAttributes().getOrDefault(name, List.of()).stream().filter(Objects::nonNull).toList();
  }

  List<String> attributeIds(String name) {
    return attributeIds.getOrDefault(name, List.of());
  }

  Set<String> removedCredentials() {
    return removedCredentials;
  }

  /** Those that have no row yet. */
  List<CredentialModel> newCredentials() {
    return credentials.stream().filter(credential -> credential.getId() == null).toList();
  }

  boolean hasChanged() {
    return isRenamed()
        || hasJoined()
        || !removedCredentials.isEmpty()
        || !newCredentials().isEmpty()
        || !changedAttributes().isEmpty();
  }

  private static List<String> sorted(List<String> values) {
    return values.stream().sorted().toList();
  }

  @Override
  public SubjectCredentialManager credentialManager() {
    return new CredentialsInMemory();
  }

  private final class CredentialsInMemory extends UserCredentialManager {

    CredentialsInMemory() {
      super(session, realm, StoredUser.this);
    }

    @Override
    public Stream<CredentialModel> getStoredCredentialsStream() {
      return List.copyOf(credentials).stream();
    }

    @Override
    public Stream<CredentialModel> getStoredCredentialsByTypeStream(String type) {
      return getStoredCredentialsStream().filter(one -> type.equals(one.getType()));
    }

    @Override
    public CredentialModel createStoredCredential(CredentialModel credential) {
      credentials.add(credential);
      return credential;
    }

    @Override
    public boolean removeStoredCredentialById(String id) {
      removedCredentials.add(id);
      return credentials.removeIf(one -> id.equals(one.getId()));
    }
  }
}
