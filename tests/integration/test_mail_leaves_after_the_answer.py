"""Design 12: a mail server that is down holds nobody up, and its mails arrive once it is back."""

import socket
from pathlib import Path

import pytest

from tests.integration.stage import ACTIVATION, Stage
from tests.owner import activation_link
from tests.realms import RealmMaker
from tests.server import ServerUnderTest
from tools.mailbox import Mailbox
from tools.ports import free_port


def test_s5_comes_without_the_mail_server_and_the_mail_comes_with_it(
    make_realm: RealmMaker, mailbox: Mailbox, server: ServerUnderTest, tmp_path: Path
) -> None:
    port = free_port()
    with socket.create_server((mailbox.smtp_host, port)) as silent:
        mail = {
            "host": server.smtp_host,
            "port": port,
            "from": "webmaster@moncompte.immo",
            "from_name": "Mon compte immobilier",
        }
        stage = Stage(make_realm(mail=mail), mailbox)
        stage.load("L1")
        owner = stage.browser()
        page = stage.begun(owner, "L1")
        assert page.alert == ""
        assert stage.address("L1") in page.text
        silent.settimeout(60)
        sender, _ = silent.accept()
        with sender:
            sender.setblocking(False)
            # The page is there, and the sender still waits to be greeted: it gives up after ten seconds.
            with pytest.raises(BlockingIOError):
                sender.recv(1)

    with Mailbox(tmp_path, smtp_port=port, smtp_host=mailbox.smtp_host) as back:
        # The second try comes 2 s after the first, the third 15 s after the second.
        arrived = back.wait_for(to=stage.address("L1"), subject=ACTIVATION, timeout=60)
        assert owner.confirm(activation_link(arrived.text)).screen == "login-address-confirmed"
        assert len(back.messages()) == 1
