"""The production topology on this machine, without containers, behind `make stack` and `make test-stack`.

Two Keycloak nodes in production mode as a cluster, PostgreSQL, HAProxy with TLS in front, a mailbox and the
Extranet. `python -m stack` (`make stack`) runs it with the sample owners until Ctrl-C, `python -m stack
forget` (`make clean-stack`) forgets its data. docs/production.md says what each part is for.
"""
