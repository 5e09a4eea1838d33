package immo.moncompte.keycloak.token;

import java.util.Arrays;
import java.util.List;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.IDToken;

/**
 * Who an access token is for, claim {@code aud}: the application itself and those that the manifest
 * names as its {@code audiences}. The introspection endpoint vouches for a token to these only.
 */
public final class AudienceMapper extends AbstractOIDCProtocolMapper
    implements OIDCAccessTokenMapper, TokenIntrospectionTokenMapper {

  private static final String ATTRIBUTE = "moncompte.audiences";

  @Override
  public String getId() {
    return "moncompte-audience-mapper";
  }

  @Override
  protected void setClaim(
      IDToken token,
      ProtocolMapperModel mapper,
      UserSessionModel userSession,
      KeycloakSession session,
      ClientSessionContext clientSession) {
    if (!(token instanceof AccessToken accessToken)) {
      return;
    }
    ClientModel client = clientSession.getClientSession().getClient();
    accessToken.addAudience(client.getClientId());
    String named = client.getAttribute(ATTRIBUTE);
    if (named != null) {
      Arrays.stream(named.split(",")).map(String::strip).forEach(accessToken::addAudience);
    }
  }

  @Override
  public String getDisplayCategory() {
    return TOKEN_MAPPER_CATEGORY;
  }

  @Override
  public String getDisplayType() {
    return "Moncompte audience";
  }

  @Override
  public String getHelpText() {
    return "The application itself, and those that its access tokens may be shown to.";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
  }
}
