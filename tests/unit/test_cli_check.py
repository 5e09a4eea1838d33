"""The table of `moncompte check`."""

import pytest

from provisioning.check.commands import print_findings
from provisioning.check.installation import Finding
from provisioning.cli import run

Capture = pytest.CaptureFixture[str]


def table(capsys: Capture, monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> str:
    monkeypatch.setenv("COLUMNS", "200")
    print_findings(findings, ["moncompte"])
    return capsys.readouterr().out


def finding(realm: str, reason: str = "It is so.") -> Finding:
    return Finding("warning", realm, "setting", reason, "Do this.")


def test_realms_of_which_the_same_is_said_share_a_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = table(capsys, monkeypatch, *(finding(f"realm-{number}") for number in range(200)))
    assert said.count("It is so.") == 1
    assert "realm-0, realm-1, realm-2 and 197 more: setting" in " ".join(said.split())


def test_what_differs_has_lines_of_its_own(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = table(capsys, monkeypatch, finding("a"), finding("b", "It is otherwise."), finding(""))
    assert said.count("Do this.") == 2
    assert "a, server: setting" in said


def test_nothing_found_is_said(capsys: Capture) -> None:
    print_findings([], ["one", "two"])
    assert capsys.readouterr().out == "Nothing found in 2 realms and master.\n"


def test_a_mail_is_sent_to_an_address_only(capsys: Capture) -> None:
    """The mail server is not to blame for a slip of the operator's."""
    assert run(["check", "-f", "samples/moncompte.yaml", "--mail-to", "webmaster"]) == 2
    assert "'webmaster' is no email address" in capsys.readouterr().err
