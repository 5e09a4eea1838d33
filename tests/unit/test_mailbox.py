"""The local mailbox: a mail sent by real SMTP, seen through Python, HTTP and the directory."""

import os
import signal
import smtplib
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from tools.mailbox import Mailbox, MailboxError

ROOT = Path(__file__).parents[2]
HELENE = "helene.lefevre@example.org"
LINK = "http://localhost:8080/realms/moncompte/confirm?key=a.b-c_d&x=1"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "mails") as running:
        yield running


def activation(to: str = HELENE, subject: str = "Activez votre compte à l’Étoile") -> EmailMessage:
    """A mail like the realm's: encoded subject and names, quoted-printable text, base64 HTML."""
    mail = EmailMessage()
    mail["From"] = "Mon compte immobilier à vous <webmaster@moncompte.immo>"
    mail["To"] = f'"Lefèvre, Hélène" <{to}>'
    mail["Subject"] = subject
    mail["Date"] = "Mon, 05 Jan 2026 10:00:00 +0100"
    mail.set_content(f"Bonjour Hélène,\n\nValidez : {LINK}\n", cte="quoted-printable")
    link = LINK.replace("&", "&amp;")
    html = f"""<!doctype html><html><head><style>p {{}}</style></head>
        <body><p>Bonjour Hélène</p><a href='{link}'>Valider mon email</a></body></html>"""
    mail.add_alternative(html, subtype="html", cte="base64")
    return mail


def send(mailbox: Mailbox, mail: EmailMessage, *also_to: str) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port) as smtp:
        smtp.send_message(mail, to_addrs=[HELENE, *also_to] if also_to else None)


def get(mailbox: Mailbox, path: str, **params: str | int) -> Any:
    answer = requests.get(f"{mailbox.url}{path}", params=params, timeout=60)
    answer.raise_for_status()
    return answer.json()


def test_a_mail_is_decoded(mailbox: Mailbox) -> None:
    send(mailbox, activation())
    mail = mailbox.wait_for(to=HELENE.upper(), subject="activez")
    assert mail.subject == "Activez votre compte à l’Étoile"
    assert (mail.to[0].name, mail.to[0].address) == ("Lefèvre, Hélène", HELENE)
    assert mail.sender.name == "Mon compte immobilier à vous"
    assert "Bonjour Hélène," in mail.text
    assert mail.links == (LINK,)


def test_links_come_from_the_text_when_there_is_no_html(mailbox: Mailbox) -> None:
    mail = EmailMessage()
    mail["To"] = HELENE
    mail.set_content(f"Suivez <{LINK}> puis revenez.")
    send(mailbox, mail)
    assert mailbox.wait_for(to=HELENE).links == (LINK,)


def test_json_has_the_shapes_of_mailpit(mailbox: Mailbox) -> None:
    send(mailbox, activation())
    send(mailbox, activation(to="paul@example.org", subject="Deuxième"))
    listing = get(mailbox, "/api/v1/messages")
    assert [mail["Subject"] for mail in listing["messages"]] == [
        "Deuxième",
        "Activez votre compte à l’Étoile",
    ]
    found = get(mailbox, "/api/v1/search", query=f'to:"{HELENE}"')
    [mail] = found["messages"]
    assert mail["To"] == [{"Name": "Lefèvre, Hélène", "Address": HELENE}]
    assert mail["Created"].endswith("Z")
    message = get(mailbox, f"/api/v1/message/{mail['ID']}")
    assert message["From"]["Address"] == "webmaster@moncompte.immo"
    assert LINK in message["Text"]
    assert "Valider mon email" in message["HTML"]
    assert get(mailbox, "/api/v1/search", query="to:nobody@example.org")["messages"] == []
    refused = requests.get(f"{mailbox.url}/api/v1/search", params={"query": "tag:x"}, timeout=60)
    assert refused.status_code == 400


def test_all_mails_can_be_deleted(mailbox: Mailbox) -> None:
    send(mailbox, activation())
    mailbox.clear()
    assert mailbox.messages() == []
    assert list(mailbox.directory.glob("*.eml")) == []


def test_recipients_no_header_names_are_kept(mailbox: Mailbox) -> None:
    send(mailbox, activation(), "hidden@example.org")
    mail = mailbox.wait_for(to="hidden@example.org")
    assert [one.address for one in mail.to] == [HELENE, "hidden@example.org"]


def test_waiting_ends_when_the_mail_comes(mailbox: Mailbox) -> None:
    send(mailbox, activation())
    first = mailbox.wait_for(to=HELENE)
    sender = threading.Thread(target=send, args=(mailbox, activation(subject="Renvoi")))
    sender.start()
    second = mailbox.wait_for(to=HELENE, after=first)
    sender.join()
    assert second.subject == "Renvoi"
    assert second.id > first.id


def test_waiting_in_vain_says_what_there_was(mailbox: Mailbox) -> None:
    send(mailbox, activation())
    mailbox.wait_for(to=HELENE)
    with pytest.raises(TimeoutError, match=r"no mail to paul@example.org.*Activez votre compte"):
        mailbox.wait_for(to="paul@example.org", timeout=0.01)


def test_a_mail_that_is_malformed_is_shown_as_it_stands(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port) as smtp:
        smtp.sendmail(
            "a@example.org",
            [HELENE],
            b"From: @@<<\r\nTo: =?no?q?x?=\r\nSubject: =?utf-8?q?bro\r\nDate: never\r\n"
            b"Content-Type: text/plain; charset=unheard-of\r\n\r\ncaf\xc3\xa9\r\n",
        )
    mail = mailbox.wait_for(to=HELENE)
    assert "café" in mail.text
    assert mail.subject == "=?utf-8?q?bro"
    assert requests.get(f"{mailbox.url}/", timeout=60).status_code == 200


def test_mails_outlive_a_restart_in_files_of_their_owner_only(tmp_path: Path) -> None:
    with Mailbox(tmp_path / "mails") as running:
        send(running, activation())
        mail = running.wait_for(to=HELENE)
    file = tmp_path / "mails" / f"{mail.id}.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with Mailbox(tmp_path / "mails") as again:
        assert again.messages() == [mail]


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    with Mailbox(tmp_path, keep=2) as running:
        for number in range(4):
            send(running, activation(subject=str(number)))
        assert [mail.subject for mail in running.messages()] == ["3", "2"]
    assert len(list(tmp_path.glob("*.eml"))) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_to_the_sender(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def on_a_full_disk(path: str | Path, flags: int, mode: int = 0o777) -> int:
        return real_open("/dev/full" if str(path).endswith(".part") else path, flags, mode)

    monkeypatch.setattr("os.open", on_a_full_disk)
    with pytest.raises(smtplib.SMTPDataError) as error:
        send(mailbox, activation())
    assert error.value.smtp_code == 452
    assert mailbox.messages() == []


def test_the_page_lists_and_shows_mails(mailbox: Mailbox) -> None:
    send(mailbox, activation(subject="<script>alert(1)</script>"))
    mail = mailbox.wait_for(to=HELENE)
    page = requests.get(f"{mailbox.url}/", timeout=60)
    assert "&lt;script&gt;alert(1)" in page.text
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    shown = requests.get(f"{mailbox.url}/view/{mail.id}", timeout=60)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown.text
    html = requests.get(f"{mailbox.url}/view/{mail.id}.html", timeout=60)
    assert '<head><base target="_blank">' in html.text
    assert "sandbox allow-popups" in html.headers["Content-Security-Policy"]
    assert html.headers["X-Content-Type-Options"] == "nosniff"
    absent = requests.get(f"{mailbox.url}/view/1", timeout=60)
    assert absent.status_code == 404
    assert "n’est pas (ou plus) là" in absent.text


def test_another_site_cannot_read_the_mails_through_a_name_of_its_own(mailbox: Mailbox) -> None:
    answer = requests.get(f"{mailbox.url}/api/v1/messages", headers={"Host": "evil.example"}, timeout=60)
    assert answer.status_code == 400


def test_a_port_in_use_is_one_clear_line(mailbox: Mailbox, tmp_path: Path) -> None:
    with pytest.raises(
        MailboxError, match=rf"^Port {mailbox.http_port} of 127.0.0.1 is in use\..*--http-port"
    ):
        Mailbox(tmp_path / "other", http_port=mailbox.http_port).start()
    with pytest.raises(MailboxError, match="--smtp-port"):
        Mailbox(tmp_path / "other", smtp_port=mailbox.smtp_port).start()


def test_the_command_says_that_a_port_is_in_use(mailbox: Mailbox, tmp_path: Path) -> None:
    done = run_mailbox(tmp_path, mailbox.smtp_port, 0)
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 1
    assert errors.startswith(f"mailbox: Port {mailbox.smtp_port} of 127.0.0.1 is in use.")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_command_ends_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    running = run_mailbox(tmp_path, 0, 0)
    assert running.stdout is not None
    ready = running.stdout.readline()
    port = int(ready.split()[1].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):  # somebody is connected still
        running.send_signal(how)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")


def run_mailbox(directory: Path, smtp_port: int, http_port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "tools.mailbox", "--directory", str(directory)]
    command += ["--smtp-port", str(smtp_port), "--http-port", str(http_port)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
