"""The package behind the command `moncompte`: realms, agencies, applications and owners in Keycloak.

A folder has one job and its commands. Only `server` and `check` speak HTTP.
"""
