"""docker-compose.yml and the Dockerfiles, as their own tools read them; no engine is needed for that."""

import os
import re
import subprocess
import sys
from ipaddress import ip_network
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from tools import ROOT
from tools.keycloak import DISTRIBUTION
from tools.proxy import FILES
from tools.topology import CONNECTIONS, DATABASE_SETTINGS, NODE_SETTINGS

PROGRAMS = Path(sys.executable).parent
DOCKERFILES = [ROOT / "keycloak" / "Dockerfile", ROOT / "extranet" / "Dockerfile"]
TOLD = {"MONCOMPTE_ACCOUNTS_HOST": "compte.example.fr", "MONCOMPTE_EXTRANET_HOST": "extranet.example.fr"}
START = ROOT / "keycloak" / "start-with-secrets.sh"


@pytest.fixture(scope="module")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers the one question podman-compose asks before it reads a file: which version it is."""
    program = tmp_path_factory.mktemp("podman") / "podman"
    program.write_text('#!/bin/sh\necho "podman version 5.0.0"\n')
    program.chmod(0o755)
    return program


def compose_config(podman: Path, told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What podman-compose makes of docker-compose.yml, with everything filled in."""
    command: list[str | Path] = [PROGRAMS / "podman-compose", "--podman-path", podman]
    command += ["-f", ROOT / "docker-compose.yml", "--profile", "extranet", "config"]
    environment = {"PATH": os.environ["PATH"], **told}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def compose(podman: Path) -> dict[str, Any]:
    done = compose_config(podman, TOLD)
    assert done.returncode == 0, done.stderr
    config: dict[str, Any] = YAML(typ="safe").load(done.stdout)
    return config


@pytest.mark.parametrize("name", TOLD)
def test_a_host_name_that_is_missing_is_asked_for(podman: Path, name: str) -> None:
    done = compose_config(podman, {key: value for key, value in TOLD.items() if key != name})
    assert done.returncode != 0
    assert f"{name} is missing" in done.stderr


def test_everything_is_there_pinned_and_watched(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services.keys() == {"postgres", "keycloak-1", "keycloak-2", "proxy", "extranet", "mailpit"}
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+", service["image"]), name
        assert "latest" not in service["image"], name
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            if re.search("PASSWORD|SECRET", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
        for secret in service.get("secrets", []):
            assert compose["secrets"][secret]["file"], f"{name}: {secret}"


def test_nodes_are_told_what_those_of_the_stack_are(compose: dict[str, Any]) -> None:
    for name in ("keycloak-1", "keycloak-2"):
        environment = compose["services"][name]["environment"]
        assert NODE_SETTINGS.items() <= environment.items()
        assert environment["KC_PROXY_TRUSTED_ADDRESSES"] == address(compose, "proxy", "nodes")
        assert environment["KC_HTTP_HOST"] == address(compose, name, "nodes")
        assert environment["KC_CACHE_EMBEDDED_NETWORK_BIND_ADDRESS"] == address(compose, name, "database")
        grace = int(compose["services"][name]["stop_grace_period"].removesuffix("s"))
        assert grace > seconds(environment["KC_SHUTDOWN_DELAY"]) + seconds(environment["KC_SHUTDOWN_TIMEOUT"])
    command = compose["services"]["postgres"]["command"]
    assert f"max_connections={DATABASE_SETTINGS['max_connections']}" in command
    assert int(NODE_SETTINGS["KC_DB_POOL_MAX_SIZE"]) == CONNECTIONS


def test_what_the_nodes_are_told_are_options_of_this_keycloak(compose: dict[str, Any]) -> None:
    # Keycloak passes over what it does not know.
    command: list[str | Path] = [DISTRIBUTION / "bin" / "kc.sh", "start", "--help-all"]
    described = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^--([a-z-]+)", described, re.MULTILINE))
    assert "hostname" in options
    told = set(compose["services"]["keycloak-1"]["environment"]) | NODE_SETTINGS.keys()
    for name in told - {"JAVA_OPTS_KC_HEAP"}:
        option = name.removeprefix("KC_").removesuffix("_FILE").lower().replace("_", "-")
        assert option in options, name


def test_the_proxy_is_told_every_variable_it_uses(compose: dict[str, Any]) -> None:
    environment = compose["services"]["proxy"]["environment"]
    used = set(re.findall(r'"\$\{(\w+)', (FILES / "haproxy.cfg").read_text(encoding="utf-8")))
    assert used == environment.keys()
    assert environment["MONCOMPTE_SOURCE"] == address(compose, "proxy", "nodes")
    assert environment["MONCOMPTE_METRICS"] == f"{address(compose, 'proxy', 'entrance')}:8405"
    assert environment["MONCOMPTE_EXTRANET"] == f"{address(compose, 'extranet', 'application')}:8000"
    for number in (1, 2):
        node = address(compose, f"keycloak-{number}", "nodes")
        assert environment[f"MONCOMPTE_KEYCLOAK_{number}"] == f"{node}:8080"


def test_the_extranet_is_told_where_agencies_live(compose: dict[str, Any]) -> None:
    extranet = compose["services"]["extranet"]
    mounted = {volume.split(":")[1] for volume in extranet["volumes"]}
    assert extranet["environment"]["EXTRANET_MANIFEST"] in mounted
    assert str(Path(extranet["environment"]["EXTRANET_CLIENT_SECRET_FILE"]).parent) in mounted


@pytest.mark.parametrize(
    ("told", "port"), [({}, 443), ({"MONCOMPTE_HTTPS_PORT": "9443", "MONCOMPTE_URL_PORT": ":9443"}, 9443)]
)
def test_the_containers_find_the_proxy_where_browsers_do(
    podman: Path, told: dict[str, str], port: int
) -> None:
    done = compose_config(podman, TOLD | told)
    services = YAML(typ="safe").load(done.stdout)["services"]
    for service, network, variable in (
        ("keycloak-1", "nodes", "KC_HOSTNAME"),
        ("extranet", "application", "EXTRANET_ISSUER"),
        ("extranet", "application", "EXTRANET_PUBLIC_URL"),
    ):
        names = set(services["proxy"]["networks"][network]["aliases"])
        assert network in services[service]["networks"]
        url = urlsplit(services[service]["environment"][variable])
        assert (url.scheme, url.port or 443) == ("https", port)
        assert url.hostname in names
    assert services["proxy"]["environment"]["MONCOMPTE_LISTEN"] == f"*:{port}"
    assert f"0.0.0.0:{port}:{port}" in services["proxy"]["ports"]


def test_nothing_but_the_proxy_is_open_to_other_machines(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for port in service.get("ports", []):
            assert name == "proxy" or str(port).startswith("127.0.0.1:"), f"{name}: {port}"


def test_containers_share_a_network_only_if_they_have_to_speak(compose: dict[str, Any]) -> None:
    on: dict[str, set[str]] = {name: set() for name in compose["networks"]}
    for name, service in compose["services"].items():
        for network in service["networks"]:
            on[network].add(name)
    nodes = {"keycloak-1", "keycloak-2"}
    assert on == {
        "entrance": {"proxy"},
        "nodes": {"proxy"} | nodes,
        "database": {"postgres"} | nodes,
        "application": {"proxy", "extranet"},
        "mail": {"mailpit"} | nodes,
    }
    leads_out = {name for name, network in compose["networks"].items() if not network.get("internal")}
    assert leads_out == {"entrance", "mail"}
    subnets = [ip_network(network["ipam"]["config"][0]["subnet"]) for network in compose["networks"].values()]
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


def test_no_container_is_an_operator(compose: dict[str, Any]) -> None:
    # Nor the gateway: by it, a container that leads out reaches the proxy's published port.
    operators = compose["services"]["proxy"]["environment"]["MONCOMPTE_OPERATORS"].split()
    for network in compose["networks"].values():
        subnet = ip_network(network["ipam"]["config"][0]["subnet"])
        assert not any(subnet.overlaps(ip_network(one)) for one in operators)


def test_containers_may_do_little(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert not service.get("privileged"), name
        assert "docker.sock" not in str(service.get("volumes")), name
    added = {
        name: service["cap_add"] for name, service in compose["services"].items() if "cap_add" in service
    }
    assert added == {"postgres": ["CHOWN", "DAC_READ_SEARCH", "FOWNER", "SETGID", "SETUID"]}


def address(compose: dict[str, Any], service: str, network: str) -> str:
    return str(compose["services"][service]["networks"][network]["ipv4_address"])


def seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda file: file.parent.name)
def test_hadolint_finds_nothing(dockerfile: Path) -> None:
    command: list[str | Path] = [PROGRAMS / "hadolint", "--no-color", dockerfile]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda file: file.parent.name)
def test_images_do_not_run_as_root(dockerfile: Path) -> None:
    assert re.findall(r"^USER (.+)$", dockerfile.read_text(encoding="utf-8"), re.MULTILINE) == ["1000"]


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """The start script beside a kc.sh that says what it was given."""
    program = tmp_path / START.name
    program.write_bytes(START.read_bytes())
    kc = tmp_path / "kc.sh"
    kc.write_text('#!/bin/sh\necho "$*"; env | grep ^KC_ | sort\n')
    for file in (program, kc):
        file.chmod(0o755)
    return program


def run_start(start: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [start, "start", "--optimized"]
    told = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False)


def test_secrets_in_files_reach_keycloak(start: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text('it\'s "a" $ecret\n')
    done = run_start(start, KC_DB_PASSWORD_FILE=str(secret), KC_HOSTNAME="compte.example.fr")
    assert done.stdout.splitlines() == [
        "start --optimized",
        'KC_DB_PASSWORD=it\'s "a" $ecret',
        "KC_HOSTNAME=compte.example.fr",
    ]


def test_options_of_keycloak_that_name_a_file_are_left_alone(start: Path) -> None:
    done = run_start(start, KC_HTTPS_CERTIFICATE_KEY_FILE="/etc/key.pem", KC_LOG_FILE="/var/log/kc.log")
    assert "KC_HTTPS_CERTIFICATE_KEY_FILE=/etc/key.pem\nKC_LOG_FILE=/var/log/kc.log" in done.stdout


def test_a_secret_that_cannot_be_read_is_named_and_nothing_starts(start: Path) -> None:
    done = run_start(start, KC_DB_PASSWORD_FILE="/nowhere/password")
    assert (done.returncode, done.stdout) == (2, "")
    assert "KC_DB_PASSWORD_FILE names /nowhere/password, which cannot be read" in done.stderr
