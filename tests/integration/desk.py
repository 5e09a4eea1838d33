"""Agency IT at its desk: the command, and the resource of the extension behind it, for one agency."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from provisioning.owners.passwords import generate, hashed_generated
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner
from tests.realms import Json

Capture = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A standard input at which somebody sits, who types this."""

    def isatty(self) -> bool:
        return True


class Desk:
    """One agency's desk.

    lang  language of what the command answers
    url   where the command is told to find the server, when something stands in between
    """

    def __init__(
        self, stage: Stage, agency: str = "1001/01", *, lang: str = "en", url: str | None = None
    ) -> None:
        self.stage = stage
        self.agency = agency
        self.lang = lang
        self.url = url
        self.alias = agency.replace("/", "-")
        self.letters = stage.realm.directory / f"letters-{self.alias}.csv"

    def run(self, *arguments: str | Path) -> int:
        """Runs `moncompte owners …` for the agency; its exit code."""
        where = ("--agency", self.agency, "--realm", self.stage.realm.name, "--lang", self.lang)
        return self.stage.realm.moncompte("owners", *arguments, *where, url=self.url)

    def json(self, capsys: Capture, *arguments: str | Path) -> Any:
        """What the command prints with --json; it has to succeed."""
        capsys.readouterr()
        code = self.run(*arguments, "--json")
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return json.loads(captured.out)

    def call(self, method: str, path: str, body: Any = None, **params: str) -> requests.Response:
        """The answer of the resource."""
        return self.stage.admin.call(method, f"moncompte/v1/agencies/{self.alias}/{path}", body, **params)

    def read(self, path: str, **params: str) -> Any:
        """What a GET answers."""
        return self.stage.admin.read(f"moncompte/v1/agencies/{self.alias}/{path}", **params)

    def post(self, path: str, body: Any = None) -> Any:
        """What a POST that has to succeed answers."""
        response = self.call("POST", path, body if body is not None else {})
        assert response.ok, f"{path}: {response.status_code} {response.text}"
        return response.json()

    def refusal(self, path: str, body: Any = None) -> tuple[int, str]:
        """Status and reason of a POST that is refused."""
        response = self.call("POST", path, body if body is not None else {})
        assert response.json().get("detail"), response.text
        return response.status_code, response.json()["code"]

    def show(self, identifier: str) -> Json:
        """What the resource tells of an identifier."""
        shown: Json = self.read(f"owners/{identifier}")
        return shown

    def actions(self, identifier: str) -> list[str]:
        """What has happened to an identifier, newest first."""
        return [event.get("action", event["type"]) for event in self.show(identifier)["events"]]

    def written_password(self, identifier: str) -> str:
        """The last password of an identifier in the credentials file."""
        with self.letters.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.DictReader(lines, delimiter=";") if row["identifiant"] == identifier]
        return rows[-1]["mot_de_passe"]

    def contracts(self) -> list[tuple[str, str]]:
        """Every contract of the agency as (identifier, reference)."""
        found = []
        first: dict[str, str] = {}
        while True:
            page = self.read("contracts", max="2", **first)
            found += [(one["identifier"], one["reference"]) for one in page["contracts"]]
            if page["next"] is None:
                return found
            first = {"first": page["next"]}


def password_body() -> Json:
    """A new provisional password as a request brings it; nobody knows it."""
    return {"password": hashed_generated(generate())}


def merge(owner: Owner, email: str, identifier: str, agency: str = "1001/01") -> None:
    """S1 → S7 → S8 → « Comptes associés »."""
    page = owner.get(owner.start(*agency.split("/")).link("Je fusionne mes comptes"))
    page = owner.submit(page, email=email, identifier=identifier, password=provisional(identifier))
    assert page.screen == "login-merge-password", page.text
    page = owner.submit(page, password=PERSONAL)
    assert page.screen == "login-merged", page.text
