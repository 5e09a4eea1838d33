"""The parts of the stack that can be looked at without starting it."""

import re
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from provisioning.realm import manifest
from tools import proxy
from tools.ports import Ports
from tools.stack import documented_ports, write_manifest
from tools.topology import CONNECTIONS, DATABASE_SETTINGS, NODES, REQUESTS_AT_ONCE

CONFIGURATION = proxy.FILES / "haproxy.cfg"
OPERATORS = "127.0.0.0/8 10.0.0.0/8"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What `make stack` tells HAProxy."""
    return proxy.environment(proxy.kept_certificate(tmp_path), Ports(), OPERATORS)


def test_haproxy_takes_its_configuration_without_a_warning(environment: dict[str, str]) -> None:
    command: list[str | Path] = [proxy.program(), "-c", "-f", CONFIGURATION]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "WARNING" in done.stderr) == (0, False), done.stderr


def test_haproxy_is_told_every_variable_it_uses(environment: dict[str, str]) -> None:
    used = set(re.findall(r'"\$\{(\w+)', CONFIGURATION.read_text(encoding="utf-8")))
    assert used - {"MONCOMPTE_LISTEN_HTTP"} == environment.keys()


def test_no_query_gets_into_the_log_of_the_proxy() -> None:
    (line,) = re.findall(r"^ +log-format (.+)$", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE)
    # Links hold their secret in the query: %HU, %HP, %HQ and %r would write it down; captures might.
    assert not set(re.findall(r"%\w+", line)) & {"%HU", "%HQ", "%HP", "%r", "%hr", "%hrl"}
    assert "httplog" not in CONFIGURATION.read_text(encoding="utf-8")


def test_the_page_of_the_proxy_holds_nothing_inline_and_speaks_both_languages() -> None:
    head, _, page = (proxy.FILES / "unavailable.http").read_text(encoding="utf-8").partition("\n\n")
    assert head.startswith("HTTP/1.1 503 ")
    assert "content-type: text/html; charset=utf-8" in head
    assert not re.search(r"<script|<style|style=|\son\w+=", page)
    assert '<html lang="fr">' in page
    assert '<section lang="en">' in page


def test_the_certificate_is_kept_and_its_key_is_for_its_owner_only(tmp_path: Path) -> None:
    first = proxy.kept_certificate(tmp_path)
    made = first.public.read_bytes()
    assert proxy.kept_certificate(tmp_path).public.read_bytes() == made
    assert first.with_key.stat().st_mode & 0o077 == 0
    names = x509.load_pem_x509_certificate(first.with_key.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert "localhost" in names.value.get_values_for_type(x509.DNSName)
    first.with_key.unlink()
    assert proxy.kept_certificate(tmp_path).public.read_bytes() != made


def test_the_manifest_of_the_stack_is_the_samples_at_its_addresses(tmp_path: Path) -> None:
    file = tmp_path / "moncompte.yaml"
    secret = tmp_path / "secret"
    write_manifest(
        file, smtp=("mailpit", 1026), extranet_url="https://extranet.example.fr", secret_file=secret
    )
    manifest.load(file)
    text = file.read_text(encoding="utf-8")
    assert "localhost:8000" not in text
    assert "https://extranet.example.fr/callback" in text
    assert "port: 1026" in text


def test_ports_that_people_open_are_none_of_the_demos() -> None:
    ports = documented_ports()
    shown = {ports.accounts, ports.extranet, ports.mailbox, ports.proxy_metrics}
    assert not shown & {8080, 8000, 8025, 1025}


def test_no_request_can_wait_for_a_connection_that_never_comes() -> None:
    # One for the request, one for the row it locks.
    assert CONNECTIONS > 2 * REQUESTS_AT_ONCE
    assert int(DATABASE_SETTINGS["max_connections"]) > NODES * CONNECTIONS
