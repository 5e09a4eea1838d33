"""The connection to Keycloak: python-keycloak, and the moncompte resource of the extension."""
