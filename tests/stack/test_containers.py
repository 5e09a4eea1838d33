"""docker-compose.yml, built and brought up where a Docker engine answers; skipped elsewhere."""

import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioning import cli
from tests.stack.visitor import Visitor, from_the_letter_to_the_contracts
from tools import CLI_CLIENT, OWNERS, REALM, ROOT, SAMPLES
from tools.ports import free_port
from tools.proxy import Certificate, kept_certificate
from tools.stack import write_manifest

ACCOUNTS, EXTRANET = "accounts.localhost", "extranet.localhost"
USER = 1000  # as whom the containers run


def engine_answers() -> bool:
    """Whether there is a Docker engine, with the compose plugin."""
    for question in (["info"], ["compose", "version"]):
        try:
            done = subprocess.run(["docker", *question], capture_output=True, check=False, timeout=30)
        except (FileNotFoundError, subprocess.TimeoutExpired):
            return False
        if done.returncode != 0:
            return False
    return True


@dataclass(frozen=True)
class Containers:
    """Where the installation is reached; `environment` is what docker compose is told."""

    accounts: str
    extranet: str
    mailbox: str
    environment: dict[str, str]


def know_localhost_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names below localhost are this machine (RFC 6761), which not every resolver knows."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        here = isinstance(host, str) and host.endswith(".localhost")
        return look_up("127.0.0.1" if here else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def containers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Containers]:
    """Everything up, with the samples' owners; gone with its data afterwards."""
    if not engine_answers():
        pytest.skip("no Docker engine answers here; the other tests run the same without containers")
    know_localhost_names(monkeypatch)
    folder = tmp_path / "secrets"
    made = prepare(folder)
    https = free_port()
    mailbox = free_port()
    told = {
        "MONCOMPTE_ACCOUNTS_HOST": ACCOUNTS,
        "MONCOMPTE_EXTRANET_HOST": EXTRANET,
        "MONCOMPTE_URL_PORT": f":{https}",
        "MONCOMPTE_HTTPS_PORT": str(https),
        "MONCOMPTE_HTTP_PORT": str(free_port()),
        "MONCOMPTE_PROXY_METRICS_PORT": str(free_port()),
        "MONCOMPTE_MAILS_PORT": str(mailbox),
        "MONCOMPTE_OPERATORS": "0.0.0.0/0",
        "MONCOMPTE_SECRETS": str(folder),
        "MONCOMPTE_MANIFEST": str(tmp_path / "moncompte.yaml"),
        "MONCOMPTE_TRUSTED_CA": str(made.public),
    }
    accounts = f"https://{ACCOUNTS}:{https}"
    environment = {
        **os.environ,
        **told,
    }
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.public))
    there = Containers(accounts, f"https://{EXTRANET}:{https}", f"http://localhost:{mailbox}", environment)
    try:
        bring_up(there, tmp_path, folder)
        yield there
    finally:
        compose(there, "--profile", "extranet", "down", "--volumes")


def prepare(folder: Path) -> Certificate:
    """The secrets of an installation, as docs/production.md says, and a certificate."""
    folder.mkdir(mode=0o700)
    for name in ("database-password", "cli-secret", "admin-password"):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(secrets.token_urlsafe(24), encoding="ascii")
    (folder / "extranet").mkdir(mode=0o700)
    made = kept_certificate(folder, ACCOUNTS, EXTRANET)
    made.public.chmod(0o644)
    public = made.public.rename(folder / "authority.pem")
    with_key = made.with_key.rename(folder / "certificate.pem")
    give_to_containers(folder)
    return Certificate(public, with_key)


def give_to_containers(folder: Path) -> None:
    if os.geteuid() != 0:
        assert os.geteuid() == USER, f"run this as root or as user {USER}"
        return
    for file in (folder, *folder.rglob("*")):
        os.chown(file, USER, 0)


def bring_up(there: Containers, directory: Path, folder: Path) -> None:
    """The steps of docs/production.md."""
    compose(there, "--profile", "extranet", "build")
    compose(there, "up", "--detach", "--wait")
    manifest = Path(there.environment["MONCOMPTE_MANIFEST"])
    write_manifest(
        manifest,
        smtp=("mailpit", 1025),
        extranet_url=there.extranet,
        secret_file=folder / "extranet" / "secret",
    )
    moncompte(there, "apply", "--yes", "-f", str(manifest))
    for file, agency, realm in OWNERS:
        if realm != REALM:
            continue
        where = ("--agency", agency, "--realm", REALM, "--credentials", str(directory / f"new-{file}"))
        moncompte(there, "owners", "import", str(SAMPLES / file), *where)
    give_to_containers(folder)
    compose(there, "--profile", "extranet", "up", "--detach", "--wait")


def compose(there: Containers, *arguments: str) -> None:
    command = ["docker", "compose", "--project-name", "moncompte-test", *arguments]
    subprocess.run(command, cwd=ROOT, env=there.environment, check=True)


def moncompte(there: Containers, *arguments: str) -> None:
    secret = Path(there.environment["MONCOMPTE_SECRETS"]) / "cli-secret"
    who = ("--url", there.accounts, "--client-id", CLI_CLIENT, "--client-secret-file", str(secret))
    # Here and not as a process of its own, which would not know the names.
    assert cli.run([*arguments, *who]) in (0, 3), arguments


def test_an_owner_gets_from_the_letter_to_the_contracts(containers: Containers) -> None:
    from_the_letter_to_the_contracts(Visitor(containers.accounts, containers.extranet), containers.mailbox)
