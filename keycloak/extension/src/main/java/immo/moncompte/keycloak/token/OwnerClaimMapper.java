package immo.moncompte.keycloak.token;

import java.util.ArrayList;
import java.util.List;
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
import org.keycloak.representations.IDToken;

/** What our mappers share: one claim, in whichever of the tokens the realm wants it. */
abstract class OwnerClaimMapper extends AbstractOIDCProtocolMapper
    implements OIDCAccessTokenMapper,
        OIDCIDTokenMapper,
        UserInfoTokenMapper,
        TokenIntrospectionTokenMapper {

  /** The value of the claim, or null for none. */
  abstract Object claim(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession);

  abstract String claimName();

  @Override
  protected void setClaim(
      IDToken token,
      ProtocolMapperModel mapper,
      UserSessionModel userSession,
      KeycloakSession session,
      ClientSessionContext clientSession) {
    Object value = claim(session, userSession, clientSession);
    if (value != null) {
      token.getOtherClaims().put(claimName(), value);
    }
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
