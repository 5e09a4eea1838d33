import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from provisioning.check.reading import certificate_end
from provisioning.errors import ServerUnreachableError

ENDS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """An authority that this machine does not trust, in a PEM file."""
    return tmp_path / "authority.pem"


@pytest.fixture
def url(authority: Path) -> Iterator[str]:
    """A server whose certificate it has signed."""
    signer = trustme.CA()
    signer.cert_pem.write_to_path(authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    signer.issue_cert("localhost", not_after=ENDS).configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}"
        server.shutdown()


def test_the_certificate_of_an_authority_of_ones_own_is_looked_at_too(
    url: str, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    shown = certificate_end(url)

    assert shown == ENDS


def test_the_authorities_may_be_in_a_folder(
    url: str, authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "authorities"
    folder.mkdir()
    shutil.copy(authority, folder)
    subprocess.run(["openssl", "rehash", folder], check=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder))
    assert certificate_end(url) is not None


def test_one_that_nobody_trusts_is_an_error_in_words(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    with pytest.raises(ServerUnreachableError, match="certificate"):
        certificate_end(url)


def test_an_http_address_has_none() -> None:
    assert certificate_end("http://localhost:1") is None
