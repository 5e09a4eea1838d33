"""Applications nobody here wrote, run from the text of `docs/applications/` with the values of a test."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from provisioning.realm import configurations
from provisioning.realm.configurations import Values
from tests.integration.stage import PERSONAL
from tests.realms import Json, TestRealm
from tools import processes
from tools.ports import free_port, port_is_used

_APACHE_MODULES = Path("/usr/lib/apache2/modules")
_NEEDED = ("mpm_event", "authn_core", "authz_core", "authz_user", "dir", "include", "auth_openidc")
_PATIENCE = 120  # seconds until an application listens

# Kept between runs, beside the pictures of failed tests.
_PACKAGES = Path(__file__).parents[1] / ".test" / "npm"
_OPENID_CLIENT = "openid-client@6.8.9"
_JOSE = "jose@6.2.17"
_NODE = 20  # the oldest that openid-client 6 runs on
_FETCHING = 60  # seconds that npm may take for it

_JAVA = f"{os.environ['JAVA_HOME']}/bin/java" if os.environ.get("JAVA_HOME") else "java"
# What Maven says of a repository that it does not reach. One that has not got something is another matter.
_CANNOT_FETCH = ("Could not transfer artifact", "in offline mode")


class NotHereError(Exception):
    """What an application needs cannot be had on this machine; the text says what, and why."""


class Application:
    """An application of a kind of `configurations.KINDS`, on a free port of this machine."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"

    @property
    def declared(self) -> Json:
        """What the manifest says of it."""
        values = Values("", self.kind, self.base, "")
        return configurations.in_manifest(self.kind, values) | {"secret_file": f"{self.kind}-secret"}

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
            'ForceType "text/html; charset=utf-8"',
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
        _package(directory)
        secret = (directory / "moncompte.secret").read_text(encoding="ascii").strip()
        command = [_JAVA, "-jar", "target/application-1.jar", f"--server.port={self.port}"]
        return command, {"MONCOMPTE_CLIENT_SECRET": secret}

    # ---- an owner there

    def sign_out(self, page: Page) -> None:
        """« Déconnexion », as its page of the documentation has it."""
        if self.kind == "apache":
            goodbye = self.base.replace(":", "%3A").replace("/", "%2F")
            page.goto(f"{self.base}/oidc/callback?logout={goodbye}%2Fau-revoir")
        elif self.kind == "spring":
            page.goto(f"{self.base}/logout")
            page.get_by_role("button").click()
        else:
            page.goto(f"{self.base}/")
            page.evaluate(_POST, f"{self.base}/logout")


# What a page with a button « Déconnexion » does; those of the documentation show JSON and have none.
_POST = """address => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: address });
    document.body.append(form);
    form.submit();
}"""


def openid_client() -> Path:
    """The folder that npm has put openid-client into. Raises NotHereError."""
    return npm_packages(_OPENID_CLIENT, _JOSE)


def npm_packages(*packages: str) -> Path:
    """The folder that npm has put packages into, each as `name@version`; fetched once.

    Raises NotHereError: no Node, or one that is too old; no npm; what npm says when it cannot fetch them.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        raise NotHereError("there is no node or no npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < _NODE:
        raise NotHereError(f"node is {version}: {_NODE} or newer is needed")
    folder = _PACKAGES / packages[0]
    folder.mkdir(parents=True, exist_ok=True)
    fetched = folder / "+".join(packages)
    if fetched.exists():
        return folder
    install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", *packages]
    try:
        done = subprocess.run(
            install, cwd=folder, capture_output=True, text=True, check=False, timeout=_FETCHING
        )
    except subprocess.TimeoutExpired:
        raise NotHereError(f"npm did not fetch {packages[0]} within {_FETCHING} s") from None
    if done.returncode != 0:
        raise NotHereError(f"npm cannot fetch {packages[0]}: {done.stderr}")
    fetched.touch()  # last: what was interrupted is taken up again
    return folder


def _package(directory: Path) -> None:
    """Builds the Maven project of a folder.

    Raises NotHereError: what Maven says when it cannot fetch what the project needs. AssertionError: the
    project is wrong.
    """
    maven = os.environ.get("MVN", "mvn")
    # -U: what a run without a network has noted as missing is asked for again.
    command = [maven, "-q", "-B", "-U", "package"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0 and any(said in done.stdout for said in _CANNOT_FETCH):
        raise NotHereError(f"Maven cannot fetch Spring Boot: {done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not port_is_used(port):
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        assert process.poll() is None, f"ended: {said}"
        assert time.monotonic() < deadline, f"does not listen: {said}"
        time.sleep(0.1)


def one_sign_in_serves_all(applications: list[Application], page: Page, address: str) -> None:
    """Signs in at the first, is then in all the others unasked, and out of everything after one sign-out."""
    first, last = applications[0], applications[-1]
    page.goto(f"{first.base}/")
    page.get_by_role("link", name="Connectez-vous").click()
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    page.get_by_role("button", name="CONNEXION").click()
    for application in applications:
        page.goto(f"{application.base}/")
        expect(page).to_have_url(re.compile(f"^{application.base}/([?].*)?$"))  # Spring adds ?continue
        for said in ("Hélène LEFÈVRE", f"REF-{address.split('@')[0].upper()}"):
            expect(page.locator("body")).to_contain_text(said)
    last.sign_out(page)
    expect(page).to_have_url(re.compile(f"{last.base}/au-revoir"))
    for application in applications:
        page.goto(f"{application.base}/")
        expect(page.get_by_label("Code client")).to_be_visible()
