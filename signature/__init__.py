"""Signature: the example of an application without a server of its own, which runs in the browser.

All of it is in `static/`: `oidc.js` (how an owner comes in and goes out: authorization code with PKCE, tokens
bound to a key of the page by DPoP) and `signature.js` (the page). What is here serves these files and says
which realm.
"""

from signature.app import create_app

__all__ = ["create_app"]
