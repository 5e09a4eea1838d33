"""`make catalogue`: every page and mail of ours in its states, as pictures that a designer can leaf through.

`tours` goes to every page over HTTP, as the tests do; `render` shows in Chromium what came, takes pictures
and lets axe-core look; `python -m tests.catalogue` does both on a Keycloak of its own.
"""
