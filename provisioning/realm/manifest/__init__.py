"""The operator's manifest, moncompte.yaml: its models, and reading it with errors that name the line.

`load(path)` gives a `Manifest`, or raises `ManifestError` with everything that is wrong at once: file, line,
key and what was expected. The models are what the format is; `samples/moncompte.yaml` shows every key.

Durations are written `60s`, `15m`, `24h` or `30d` and become seconds. Codes are `[A-Za-z0-9]+` and compare
without case. Addresses that people type are https only; an application may live on http://localhost.
"""

from .models import Agency, Application, Manifest, PasswordPolicy, Realm, RegexPattern
from .reading import load, schema
from .values import LOCAL_HOSTS, NO_BLOCKLIST, RESERVED_CLIENTS, Email, seconds

__all__ = [
    "LOCAL_HOSTS",
    "NO_BLOCKLIST",
    "RESERVED_CLIENTS",
    "Agency",
    "Application",
    "Email",
    "Manifest",
    "PasswordPolicy",
    "Realm",
    "RegexPattern",
    "load",
    "schema",
    "seconds",
]
