package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAttributeMapperHelper;
import org.keycloak.protocol.oidc.mappers.OIDCIDTokenMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.protocol.oidc.mappers.UserInfoTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.IDToken;

/**
 * A mapper of one claim, for the tokens that the realm chooses.
 *
 * <p>Tokens travel in headers and addresses, where web servers take 8 KB. So the ID token and the
 * access token omit a claim longer than {@link #maxBytes()}. They have {@code <claim>_at_userinfo}
 * instead, the number of its entries. Userinfo and introspection always have the whole claim.
 */
abstract class OwnerClaimMapper extends AbstractOIDCProtocolMapper
    implements OIDCAccessTokenMapper,
        OIDCIDTokenMapper,
        UserInfoTokenMapper,
        TokenIntrospectionTokenMapper {

  /** The value of the claim: a map or a list. */
  abstract Object claim(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession);

  abstract String claimName();

  /** Maximum bytes of JSON of the claim in a token. */
  abstract int maxBytes();

  @Override
  protected void setClaim(
      IDToken token,
      ProtocolMapperModel mapper,
      UserSessionModel userSession,
      KeycloakSession session,
      ClientSessionContext clientSession) {
    Object value = claim(session, userSession, clientSession);
    if (Json.write(value).getBytes(StandardCharsets.UTF_8).length <= maxBytes()) {
      token.getOtherClaims().put(claimName(), value);
    } else {
      token.getOtherClaims().put(hintName(), size(value));
    }
  }

  @Override
  public AccessToken transformUserInfoToken(
      AccessToken token,
      ProtocolMapperModel mapper,
      KeycloakSession session,
      UserSessionModel userSession,
      ClientSessionContext clientSession) {
    return OIDCAttributeMapperHelper.includeInUserInfo(mapper)
        ? withWholeClaim(token, session, userSession, clientSession)
        : token;
  }

  @Override
  public AccessToken transformIntrospectionToken(
      AccessToken token,
      ProtocolMapperModel mapper,
      KeycloakSession session,
      UserSessionModel userSession,
      ClientSessionContext clientSession) {
    return OIDCAttributeMapperHelper.includeInIntrospection(mapper)
        ? withWholeClaim(token, session, userSession, clientSession)
        : token;
  }

  private AccessToken withWholeClaim(
      AccessToken token,
      KeycloakSession session,
      UserSessionModel userSession,
      ClientSessionContext clientSession) {
    token.getOtherClaims().remove(hintName());
    token.getOtherClaims().put(claimName(), claim(session, userSession, clientSession));
    return token;
  }

  private String hintName() {
    return claimName() + "_at_userinfo";
  }

  private static int size(Object value) {
    return value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
  }

  @Override
  public String getDisplayCategory() {
    return TOKEN_MAPPER_CATEGORY;
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    List<ProviderConfigProperty> properties = new ArrayList<>();
    OIDCAttributeMapperHelper.addIncludeInTokensConfig(properties, getClass());
    return properties;
  }
}
