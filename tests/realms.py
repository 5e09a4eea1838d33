"""Realms for tests: each made from a manifest by `moncompte apply`'s functions, under a name of its own."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning import cli
from provisioning.realm import manifest, plan
from provisioning.realm import templates as desired
from provisioning.server.keycloak import Keycloak
from tests.server import ServerUnderTest

Json = dict[str, Any]

AGENCIES: tuple[Json, ...] = (
    {
        "client": "1001",
        "societe": "01",
        "name": "Agence du Vieux-Port",
        "help_url": "https://agence-vieux-port.example/aide",
        "phone": "04 91 00 00 01",
        "email": "contact@agence-vieux-port.example",
        "logo": str(Path(__file__).parents[1] / "samples" / "logos" / "vieux-port.png"),
    },
    {
        "client": "1001",
        "societe": "02",
        "name": "Agence du Vieux-Port Copropriété",
        "phone": "04 91 00 00 02",
    },
    {"client": "2002", "societe": "01", "name": "Cabinet Lefèvre & Fils", "phone": "02 40 00 00 03"},
)

APPLICATIONS: tuple[Json, ...] = (
    {
        "client_id": "extranet",
        "name": "Extranet",
        "type": "confidential",
        "url": "http://localhost:8000/",
        "redirect_uris": ["http://localhost:8000/callback"],
        "post_logout_redirect_uris": ["http://localhost:8000/"],
        "scopes": ["organization", "contracts"],
        "secret_file": "extranet-secret",
    },
)

_HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)
# What a line says where the test says nothing.
_OWNER = {
    "mot_de_passe": "Tulipe-4821",
    "civilite": "Madame",
    "nom": "LEFÈVRE",
    "prenom": "Hélène",
    "email": "helene.lefevre@exemple.fr",
    "telephone": "04 91 55 10 20",
    "mobile": "06 11 22 33 44",
    "adresse": "12 rue de l'Évêché",
    "code_postal": "13002",
    "ville": "Marseille",
    "profil": "copropriétaire",
    "reference": "COP-0412-007",
    "adresse_bien": "12 rue de l'Évêché, lot 7",
}


@dataclass(frozen=True)
class TestRealm:
    """A realm of the server under test, with the files it was made from in `directory`."""

    __test__ = False

    name: str
    server: ServerUnderTest
    keycloak: Keycloak
    directory: Path

    @property
    def issuer(self) -> str:
        """The realm, as its tokens name it."""
        return f"{self.server.url}/realms/{self.name}"

    @property
    def admin_url(self) -> str:
        """The realm in the Admin API."""
        return f"{self.server.url}/admin/realms/{self.name}"

    @property
    def manifest(self) -> Path:
        """The manifest the realm was made from."""
        return self.directory / "moncompte.yaml"

    def secret(self, client_id: str = "extranet") -> str:
        """The secret of an application whose manifest says `secret_file: <client_id>-secret`."""
        return self._read(f"{client_id}-secret")

    def _read(self, file: str) -> str:
        return (self.directory / file).read_text(encoding="utf-8").strip()

    def secret_in(self, realm: str, client_id: str = "extranet") -> str:
        """An application's secret in another realm of the manifest; in this one for an empty name."""
        return self.secret(client_id) if not realm else self._read(f"{client_id}-secret.{realm}")

    def moncompte(self, *arguments: str | Path, url: str | None = None) -> int:
        """Runs the command against this server; its exit code.

        url  where the command is told to find the server, when something stands in between
        """
        secret_file = self.directory / "cli-secret"
        connection = [
            *("--url", url or self.server.url),
            *("--client-id", self.server.client_id),
            *("--client-secret-file", str(secret_file)),
        ]
        secret_file.touch(mode=0o600)
        secret_file.write_text(self.server.client_secret, encoding="ascii")
        return cli.run([*map(str, arguments), *connection])

    def load(self, agency: str, *owners: Mapping[str, str], options: Iterable[str] = ()) -> int:
        """Loads owners of `agency` (`1001/01`) by `moncompte owners import`; its exit code.

        A mapping is a line: columns of owners.csv, `identifiant` at least; what is not said is Hélène's.
        Passwords that are generated are in `credentials(agency)`.
        """
        columns = _HEADER.split(";")
        lines = [";".join({**_OWNER, **owner}[column] for column in columns) for owner in owners]
        file = self.directory / f"owners-{agency.replace('/', '-')}.csv"
        file.write_text("\n".join([_HEADER, *lines]) + "\n", encoding="utf-8")
        return self.moncompte(
            *("owners", "import", file),
            *("--agency", agency),
            *("--realm", self.name),
            *("--credentials", self.credentials(agency)),
            *options,
        )

    def credentials(self, agency: str) -> Path:
        """The file of the passwords generated for `agency`."""
        return self.directory / f"credentials-{agency.replace('/', '-')}.csv"


MakeRealm = Callable[..., TestRealm]


class RealmMaker:
    """Makes realms under names that nobody else of the run uses.

    prefix  what the names begin with: another one for another server, as names are in the addresses of owners
    """

    def __init__(
        self,
        server: ServerUnderTest,
        keycloak: Keycloak,
        smtp_port: int,
        directory: Path,
        prefix: str = "realm",
    ) -> None:
        self._prefix = prefix
        self._server = server
        self._keycloak = keycloak
        self._smtp_port = smtp_port
        self._directory = directory
        self._numbers = itertools.count(1)

    def __call__(
        self,
        *,
        agencies: Iterable[Json] = AGENCIES,
        applications: Iterable[Json] = APPLICATIONS,
        **settings: Any,
    ) -> TestRealm:
        """A realm with these agencies and applications; `settings` are keys of the manifest's realm.

        What is not said has limits so generous that tests from one address do not throttle themselves, and no
        cool-down worth waiting for.
        """
        name = f"{self._prefix}-{next(self._numbers)}"
        directory = self._directory / name
        directory.mkdir()
        realm = self._settings(name) | settings
        realm["limits"] = {"accounts_per_source": 100_000} | realm["limits"]
        (directory / "moncompte.yaml").write_text(
            # Every JSON document is a YAML document.
            json.dumps({"realms": [realm], "agencies": [*agencies], "applications": [*applications]}),
            encoding="utf-8",
        )
        self._apply(directory / "moncompte.yaml")
        return TestRealm(name, self._server, self._keycloak, directory)

    def _apply(self, file: Path) -> None:
        for wanted in desired.desired(manifest.load(file), folder=file.parent, environment={}):
            for _step in plan.carry_out_all(self._keycloak, plan.plan_realms(self._keycloak, [wanted])):
                pass

    def _settings(self, name: str) -> Json:
        return {
            "name": name,
            "display_name": "Mon compte immobilier",
            "mail": {
                "host": self._server.smtp_host,
                "port": self._smtp_port,
                "from": "webmaster@moncompte.immo",
                "from_name": "Mon compte immobilier",
            },
            "password_policy": {
                "length": 6,
                "upper_case": 1,
                "lower_case": 1,
                "digits": 1,
                "special_chars": 1,
            },
            "terms": {
                "version": "2026-01",
                "terms_url": "https://www.moncompte.example/cgu",
                "privacy_url": "https://www.moncompte.example/confidentialite",
            },
            "lifetimes": {
                "provisional": "30d",
                "verification_link": "24h",
                "reset_link": "1h",
                "resend_cooldown": "1s",
            },
            "limits": {"failures": 1000, "per_source": 100_000, "mails_per_hour": 10_000},
            "help": {"url": "https://www.moncompte.example/aide", "phone": "01 80 00 00 00"},
        }
