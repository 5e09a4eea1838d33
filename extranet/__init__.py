"""The Extranet: the example of an application that relies on the realm's single sign-on.

Read it in this order: `settings.py` (what it must be told), `signin.py` (how an owner comes in and goes out),
`realms.py` (how a realm is asked), `cookies.py` (what the browser keeps), `sessions.py` and `store.py` (what
is kept of an owner), `backchannel.py` (a session that ends elsewhere), `tokens.py` (how tokens are renewed),
`actions.py` (what an owner does at the realm), `pages.py` (what is shown), `app.py` (headers).
"""

from extranet.app import create_app
from extranet.settings import Settings, SettingsError

__all__ = ["Settings", "SettingsError", "create_app"]
