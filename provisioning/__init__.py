"""The package behind the command `moncompte`: realms, agencies, applications and owners in Keycloak.

Imports go one way: `cli` → `plan`, `apply`, `owners` → `keycloak`; only `keycloak` speaks HTTP.
"""
