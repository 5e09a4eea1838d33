"""`make demo` comes up, shows an owner the welcome, and leaves nothing behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tools.demo import EXTRANETS, HOME, MAILBOX_PORT, PORTS
from tools.ports import port_is_used

CHECKOUT = Path(__file__).parent.parent.parent


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """Data that were not there before go afterwards: a run that was killed may have left half of them."""
    was_there = HOME.exists()
    yield
    if not was_there:
        subprocess.run([sys.executable, "-m", "tools.demo", "forget"], cwd=CHECKOUT, check=True)


@pytest.mark.usefixtures("_forgotten")
def test_the_demo_comes_up_and_goes_without_a_trace() -> None:
    if any(map(port_is_used, PORTS.values())):
        pytest.skip("a demo runs on this machine, or something else on its ports")
    with subprocess.Popen(
        [sys.executable, "-m", "tools.demo"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        said: list[str] = []
        try:
            for line in demo.stdout:
                said.append(line)
                if "make clean-demo" in line:
                    break
            else:
                pytest.fail("".join(said))
            assert "Tulipe-4821" in "".join(said)
            for _, port in EXTRANETS.values():
                entrance = f"http://localhost:{port}/login?client=1001&societe=01"
                assert "Agence du Vieux-Port" in requests.get(entrance, timeout=30).text
            mails = requests.get(f"http://localhost:{MAILBOX_PORT}/api/v1/messages", timeout=30)
            assert "messages" in mails.json()
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=60)
    assert not [port for port in PORTS.values() if port_is_used(port)]
