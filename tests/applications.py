"""Applications nobody here wrote, run from the text of `docs/applications/` with the values of a test."""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from provisioning import configurations, processes
from provisioning.configurations import KINDS, Values
from provisioning.server import free_port, port_is_used
from tests.front import Visitor
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Page
from tests.realms import Json, TestRealm

_APACHE_MODULES = Path("/usr/lib/apache2/modules")
_NEEDED = ("mpm_event", "authn_core", "authz_core", "authz_user", "dir", "include", "auth_openidc")
_PATIENCE = 120  # seconds until an application listens


class Application:
    """An application of a kind of `configurations.KINDS`, on a free port of this machine."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"

    @property
    def declared(self) -> Json:
        """What the manifest says of it."""
        of = KINDS[self.kind]
        told = {"backchannel_logout_url": f"{self.base}{of.told_at}"} if of.told_at else {}
        return {
            "client_id": self.kind,
            "name": of.title,
            "type": "confidential",
            "url": f"{self.base}/",
            "redirect_uris": [f"{self.base}{of.callback}"],
            "post_logout_redirect_uris": [f"{self.base}{of.goodbye}"],
            "scopes": ["organization", "contracts"],
            "secret_file": f"{self.kind}-secret",
            **told,
        }

    @contextlib.contextmanager
    def running(self, realm: TestRealm, dependencies: Path | None = None) -> Iterator[None]:
        """Runs it until the end of the context.

        dependencies  folder with what the kind needs and a package manager has brought
        """
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            directory.chmod(0o755)  # Apache serves it as another user
            secret = directory / "moncompte.secret"
            secret.touch(mode=0o600)
            secret.write_text(realm.secret(self.kind) + "\n", encoding="ascii")
            values = Values(realm.issuer, self.kind, self.base, str(secret))
            for file, text in configurations.rendered(self.kind, values).items():
                (directory / file).write_text(text, encoding="utf-8")
            command, environment = getattr(self, f"_{self.kind.replace('-', '_')}")(directory, dependencies)
            log = directory / "log"
            process = processes.spawn(
                command, log_file=log, environment={**os.environ, **environment}, directory=directory
            )
            try:
                _wait_until_it_listens(self.port, process, log)
                yield
            finally:
                processes.stop(process)

    def _apache(self, directory: Path, _: Path | None) -> tuple[list[str], dict[str, str]]:
        secret = directory / "moncompte.secret"
        secret.write_text(
            f"OIDCClientSecret {secret.read_text(encoding='ascii').strip()}\n"
            f"OIDCCryptoPassphrase {secrets.token_hex(32)}\n",
            encoding="ascii",
        )
        (directory / "index.shtml").write_text(
            '<main><!--#echo var="OIDC_CLAIM_name" --> <!--#echo var="OIDC_userinfo_json" --></main>',
            encoding="ascii",
        )
        modules = [f"LoadModule {name}_module {_APACHE_MODULES}/mod_{name}.so" for name in _NEEDED]
        lines = [
            *modules,
            f"ServerRoot {directory}",
            f"DefaultRuntimeDir {directory}",
            f"PidFile {directory}/pid",
            f"ErrorLog {directory}/error.log",
            f"Listen 127.0.0.1:{self.port}",
            f"ServerName localhost:{self.port}",
            *(["User www-data", "Group www-data"] if os.geteuid() == 0 else []),
            f"DocumentRoot {directory}",
            "DirectoryIndex index.shtml",
            f"<Directory {directory}>",
            "Options +Includes",
            "SetOutputFilter INCLUDES",
            "</Directory>",
            "Include moncompte.conf",
        ]
        (directory / "httpd.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ["/usr/sbin/apache2", "-f", str(directory / "httpd.conf"), "-DFOREGROUND"], {}

    def _starlette(self, directory: Path, _: Path | None) -> tuple[list[str], dict[str, str]]:
        command = [sys.executable, "-m", "uvicorn", "--port", str(self.port), "application:app"]
        return [*command, "--app-dir", str(directory)], {}

    def _openid_client(self, directory: Path, dependencies: Path | None) -> tuple[list[str], dict[str, str]]:
        assert dependencies is not None
        (directory / "node_modules").symlink_to(dependencies / "node_modules")
        return ["node", "application.mjs"], {}

    def _spring(self, directory: Path, _: Path | None) -> tuple[list[str], dict[str, str]]:
        for folder, file in (("resources", "application.yml"), ("java/example", "Application.java")):
            target = directory / "src" / "main" / folder
            target.mkdir(parents=True)
            shutil.move(directory / file, target / file)
        maven = os.environ.get("MVN", "mvn")
        subprocess.run([maven, "-q", "-B", "package"], cwd=directory, check=True)
        secret = (directory / "moncompte.secret").read_text(encoding="ascii").strip()
        command = ["java", "-jar", "target/application-1.jar", f"--server.port={self.port}"]
        return command, {"MONCOMPTE_CLIENT_SECRET": secret}

    # ---- an owner there

    def sign_out(self, visitor: Visitor, page: Page) -> Page:
        """« Déconnexion », as its page of the documentation has it."""
        if self.kind == "apache":
            goodbye = self.base.replace(":", "%3A").replace("/", "%2F")
            return visitor.get(f"{self.base}/oidc/callback?logout={goodbye}%2Fau-revoir")
        if self.kind == "spring":
            confirm = visitor.get(f"{self.base}/logout")
            return visitor.post(f"{self.base}/logout", {"_csrf": confirm.value("_csrf")})
        return visitor.post(f"{page.url.rstrip('/')}/logout", {})


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not port_is_used(port):
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        assert process.poll() is None, f"ended: {said}"
        assert time.monotonic() < deadline, f"does not listen: {said}"
        time.sleep(0.1)


def one_sign_in_serves_all(applications: list[Application], stage: Stage, identifier: str) -> None:
    """Signs in at the first, is then in all the others unasked, and out of everything after one sign-out."""
    visitor = Visitor(stage.realm.server.url, stage.realm.name, redirect_uri="http://localhost.invalid/never")
    first, *others = applications
    address = stage.address(identifier)
    page = visitor.signed_in_at(f"{first.base}/", address, PERSONAL)
    for application in (first, *others):
        page = visitor.get(f"{application.base}/")
        assert page.url == f"{application.base}/", page.text
        for said in ("Hélène LEFÈVRE", f"REF-{identifier}"):
            assert said in page.html, f"{application.kind}: {page.html}"
    last = applications[-1]
    goodbye = last.sign_out(visitor, page)
    assert goodbye.url.startswith(f"{last.base}/au-revoir"), f"{last.kind}: {goodbye.url} {goodbye.text}"
    for application in applications:
        if application is last or KINDS[application.kind].told_at:
            page = visitor.get(f"{application.base}/")
            assert page.screen == "login-codes", f"{application.kind}: {page.text}"
