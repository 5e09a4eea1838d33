"""What the Extranet must be told, read from the environment.

| variable | what it is | example |
| --- | --- | --- |
| EXTRANET_ISSUER | the realm, as its tokens name it | http://localhost:8080/realms/moncompte |
| EXTRANET_CLIENT_ID | this application's name in the realm | extranet |
| EXTRANET_CLIENT_SECRET_FILE | a file that holds its secret, readable by its owner only | extranet.secret |
| EXTRANET_PUBLIC_URL | where browsers find the Extranet | http://localhost:8000 |
| EXTRANET_SESSION_DIRECTORY | where sessions are kept, a directory of their own | sessions |
| EXTRANET_REDIS_FILE | instead: a file with the address of a Redis that several Extranets share | redis |
| EXTRANET_MANIFEST | the manifest, when agencies have realms of their own | moncompte.yaml |
| EXTRANET_TITLE | its name on its pages (Extranet) | Extranet Copropriété |
| EXTRANET_PORT | where it listens (8000) | 8000 |
| EXTRANET_LISTEN | the address it listens at: this machine only (127.0.0.1), or others, too | 0.0.0.0 |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from extranet.issuers import Issuer, of_manifest

THIS_MACHINE = {"localhost", "127.0.0.1"}


class SettingsError(Exception):
    """The environment lacks something or something in it cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """The Extranet's configuration.

    session_directory, redis_url
             where sessions are kept: one of the two
    issuers  every realm it signs in at, the one of `issuer` first; empty: that one, for all agencies
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    session_directory: Path | None
    port: int = 8000
    listen: str = "127.0.0.1"
    title: str = "Extranet"
    issuers: tuple[Issuer, ...] = ()
    redis_url: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.issuers:
            object.__setattr__(self, "issuers", (Issuer("", self.issuer, self.client_secret, None),))

    @property
    def secure(self) -> bool:
        """Whether browsers reach the Extranet by https, as everywhere but on a developer's machine."""
        return self.public_url.startswith("https:")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; SettingsError names the variable that is missing or wrong."""

        def read(name: str) -> str:
            value = environment.get(f"EXTRANET_{name}", "").strip()
            if not value:
                raise SettingsError(f"EXTRANET_{name} is missing: set it as extranet/settings.py describes.")
            return value

        port = environment.get("EXTRANET_PORT", "8000")
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise SettingsError(f"EXTRANET_PORT is {port!r}: give a number between 1 and 65535.")
        listen = environment.get("EXTRANET_LISTEN", "127.0.0.1")
        try:
            ip_address(listen)
        except ValueError:
            raise SettingsError(f"EXTRANET_LISTEN is {listen!r}: give an IP address.") from None
        issuer, client_id = _address("EXTRANET_ISSUER", read("ISSUER")), read("CLIENT_ID")
        secret_file = Path(read("CLIENT_SECRET_FILE"))
        manifest = environment.get("EXTRANET_MANIFEST", "").strip()
        redis_file = environment.get("EXTRANET_REDIS_FILE", "").strip()
        return cls(
            issuer=issuer,
            client_id=client_id,
            client_secret=_secret("EXTRANET_CLIENT_SECRET_FILE", secret_file),
            issuers=_issuers(Path(manifest), issuer, client_id, secret_file) if manifest else (),
            public_url=_address("EXTRANET_PUBLIC_URL", read("PUBLIC_URL")),
            session_directory=None if redis_file else Path(read("SESSION_DIRECTORY")).resolve(),
            redis_url=_redis_url(Path(redis_file)) if redis_file else "",
            port=int(port),
            listen=listen,
            title=environment.get("EXTRANET_TITLE", "").strip() or "Extranet",
        )


def _address(name: str, value: str) -> str:
    """An https address without its last slash; http only on a developer's own machine."""
    parts = urlsplit(value)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in THIS_MACHINE):
        raise SettingsError(f"{name} is {value!r}: give an https address (http only for localhost).")
    return value.rstrip("/")


def _issuers(manifest: Path, issuer: str, client_id: str, secret_file: Path) -> tuple[Issuer, ...]:
    try:
        return of_manifest(manifest, issuer, client_id, lambda realm: _secret_of(secret_file, realm))
    except (OSError, ValueError) as error:
        raise SettingsError(f"EXTRANET_MANIFEST: {error}") from None


def _secret_of(file: Path, realm: str) -> str:
    """Another realm's secret lies beside the first one's, where `moncompte apply` writes it."""
    beside = file.with_name(f"{file.name}.{realm}") if realm else file
    return _secret("EXTRANET_CLIENT_SECRET_FILE", beside)


def _redis_url(file: Path) -> str:
    url = _secret("EXTRANET_REDIS_FILE", file)
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise SettingsError(f"EXTRANET_REDIS_FILE names {file}: put redis://HOST:PORT/0 into it.")
    return url


def _secret(name: str, file: Path) -> str:
    """The secret in the file. Others must not be able to read it."""
    try:
        if file.stat().st_mode & 0o077:
            raise SettingsError(f"{file} can be read by others: chmod 600 {file}")
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{name} names {file}, which cannot be read: {error}") from None
    if not secret:
        raise SettingsError(f"{name} names {file}, which is empty.")
    return secret
