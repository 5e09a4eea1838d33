"""An agency's logo is a file served by us: on the pages, for applications and in letters."""

import base64
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from PIL import Image

from tests.integration.admin import Admin
from tests.integration.stage import Stage
from tests.integration.test_an_agency_sees_its_own import granted, with_token
from tests.owner import Page, claims
from tests.realms import AGENCIES, RealmMaker, TestRealm

NO_LOGO = {name: value for name, value in AGENCIES[0].items() if name != "logo"}


def image(colour: str = "#1d3557", kind: str = "PNG") -> bytes:
    """A logo of this colour."""
    content = io.BytesIO()
    Image.new("RGB", (120, 40), colour).save(content, kind)
    return content.getvalue()


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory) -> TestRealm:
    """1001/01 has a logo, the others have none."""
    logo = tmp_path_factory.mktemp("logos") / "logo.png"
    logo.write_bytes(image())
    return make_realm(agencies=[NO_LOGO | {"logo": str(logo)}, *AGENCIES[1:]])


def apply(realm: TestRealm, **of_first_agency: Any) -> None:
    """Changes 1001/01 in the manifest and applies it."""
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    content["agencies"][0] = NO_LOGO | of_first_agency
    realm.manifest.write_text(json.dumps(content), encoding="utf-8")
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0


def shown(page: Page) -> str | None:
    """The address of the logo on a page of the sign-in."""
    found = page.soup.select_one(".brand-logo img")
    if found is None:
        return None
    path = str(found["src"])
    assert path.startswith("/realms/"), "from the server the page comes from"
    return urljoin(page.url, path)


def welcome(stage: Stage, agency: str = "1001/01") -> Page:
    return stage.browser().start(*agency.split("/"))


def kept(stage: Stage) -> list[str]:
    names: list[str] = stage.admin.read("moncompte/v1/logos")
    return names


def put(stage: Stage, alias: str, content: Any) -> requests.Response:
    return stage.admin.call("PUT", f"moncompte/v1/logos/{alias}", {"content": content})


# ---------------------------------------------------------------- shown


def test_the_pages_show_the_logo_of_their_agency_and_no_other(stage: Stage) -> None:
    address = shown(welcome(stage))
    assert address is not None
    assert address.startswith(f"{stage.realm.issuer}/moncompte/logo/1001-01-")
    answer = requests.get(address, timeout=60)
    assert answer.content == image()
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown(welcome(stage, "1001/02")) is None
    assert shown(stage.browser().start()) is None


def test_links_in_mails_applications_and_letters_have_it(stage: Stage) -> None:
    stage.load("LOGO1")
    owner = stage.browser()
    stage.begun(owner, "LOGO1")
    address = shown(welcome(stage))
    link = stage.link(stage.address("LOGO1"))
    assert shown(stage.browser().get(link)) == address
    assert owner.confirm(link).screen == "login-address-confirmed"
    token = claims(stage.signed_in(owner, stage.address("LOGO1"))["id_token"])
    assert token["organization"]["1001-01"]["logo"] == address
    card = stage.admin.read("moncompte/v1/agencies/1001-01/card")
    assert base64.b64decode(card["logo"]) == image()


def test_a_plan_finds_it_as_the_manifest_says(stage: Stage) -> None:
    assert stage.realm.moncompte("plan", "-f", stage.realm.manifest) == 0


# ---------------------------------------------------------------- changed


def test_another_logo_has_another_address_and_none_leaves_no_trace(
    make_realm: RealmMaker, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "logo.jpg"
    path.write_bytes(image(kind="JPEG"))
    own = Stage(make_realm(agencies=[NO_LOGO | {"logo": str(path)}]), stage.mailbox)
    first = shown(welcome(own))
    assert first is not None
    assert requests.get(first, timeout=60).headers["Content-Type"] == "image/jpeg"

    path.write_bytes(image("#b84a00", "JPEG"))
    apply(own.realm, logo=str(path), phone="0")
    second = shown(welcome(own))
    assert second is not None
    assert requests.get(second, timeout=60).content == image("#b84a00", "JPEG")
    assert requests.get(first, timeout=60).status_code == 404
    assert kept(own) == [second.rpartition("/")[2]]

    apply(own.realm)
    assert shown(welcome(own)) is None
    assert kept(own) == []
    assert own.realm.moncompte("plan", "-f", own.realm.manifest) == 0


def test_the_brand_s_logo_is_shown_where_no_agency_has_one(
    make_realm: RealmMaker, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "brand.png"
    path.write_bytes(image("#005a9c"))
    own = Stage(make_realm(logo=str(path)), stage.mailbox)
    owner = own.browser()
    refused = owner.get(owner.authorization_url(client_id="inconnu"))
    brands = {shown(page) for page in (own.browser().start(), welcome(own, "1001/02"), refused)}
    (address,) = brands
    assert address is not None
    assert requests.get(address, timeout=60).content == image("#005a9c")
    assert shown(welcome(own)) not in {None, address}, "an agency's own goes before"
    assert own.realm.moncompte("plan", "-f", own.realm.manifest) == 0

    manifest = json.loads(own.realm.manifest.read_text(encoding="utf-8"))
    del manifest["realms"][0]["logo"]
    own.realm.manifest.write_text(json.dumps(manifest), encoding="utf-8")
    assert own.realm.moncompte("apply", "--yes", "-f", own.realm.manifest) == 0
    assert shown(own.browser().start()) is None
    assert requests.get(address, timeout=60).status_code == 404
    assert own.realm.moncompte("plan", "-f", own.realm.manifest) == 0


def test_a_logo_goes_with_its_agency_and_with_the_realm(stage: Stage) -> None:
    """A realm of a fixed id: made again, it would find what the one before left."""
    name = f"{stage.realm.name}-again"
    admin = Admin(TestRealm(name, stage.realm.server, stage.realm.keycloak, stage.realm.directory))
    realm = {"id": name, "realm": name, "enabled": True, "organizationsEnabled": True}
    for _ in range(2):
        stage.realm.keycloak.create_realm(realm)
        assert admin.read("moncompte/v1/logos") == []
        for alias in ("1001-01", "1001-02"):
            admin.do("POST", "organizations", {"name": alias, "alias": alias, "enabled": True})
            admin.do("PUT", f"moncompte/v1/logos/{alias}", {"content": base64.b64encode(image()).decode()})
        assert len(admin.read("moncompte/v1/logos")) == 2
        organization = admin.read("organizations", search="1001-01", exact="true")[0]
        admin.do("DELETE", f"organizations/{organization['id']}")
        (left,) = admin.read("moncompte/v1/logos")
        assert left.startswith("1001-02-")
        admin.do("DELETE", "")


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    "content",
    [
        base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
        base64.b64encode(b"<html><script>x</script>").decode(),
        base64.b64encode(image() + b"0" * 64 * 1024).decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(),
        "not base64",
        "",
        None,
    ],
)
def test_what_is_no_png_or_jpeg_or_too_large_is_refused(stage: Stage, content: str | None) -> None:
    before = kept(stage)
    assert put(stage, "1001-02", content).status_code == 400
    assert kept(stage) == before


def test_an_agency_that_is_none_gets_no_logo(stage: Stage) -> None:
    answer = put(stage, "9999-99", base64.b64encode(image()).decode())
    assert (answer.status_code, answer.json()["code"]) == (404, "agency_unknown")


def test_agency_it_changes_no_logo_not_even_its_own(stage: Stage) -> None:
    agency = granted(stage.realm, "1001/01", name="it-logo")
    token = agency.token().json()["access_token"]
    url = f"{stage.realm.admin_url}/moncompte/v1/logos"
    body = {"content": base64.b64encode(image("#ffffff")).decode()}
    for method, path in (("GET", ""), ("PUT", "/1001-01"), ("DELETE", "/1001-01")):
        assert with_token(token, method, f"{url}{path}", body).status_code == 403
    assert requests.put(f"{url}/1001-01", json=body, timeout=60).status_code == 401


@pytest.mark.parametrize(
    "name",
    [
        "1001-01-0123456789abcdef.png",
        "1001-01-0123456789abcdef.svg",
        "..%2f..%2fcerts",
        "%00",
        "x" * 500,
    ],
)
def test_no_other_file_is_served(stage: Stage, name: str) -> None:
    answer = requests.get(f"{stage.realm.issuer}/moncompte/logo/{name}", timeout=60)
    assert answer.status_code in {400, 404}


def test_a_logo_of_another_realm_is_not_served_here(stage: Stage, make_realm: RealmMaker) -> None:
    address = shown(welcome(stage))
    assert address is not None
    other = address.replace(f"/{stage.realm.name}/", f"/{make_realm().name}/")
    assert other != address
    assert requests.get(other, timeout=60).status_code == 404


def test_an_attribute_that_somebody_wrote_by_hand_leads_nowhere_else(stage: Stage) -> None:
    (organization,) = stage.admin.read("organizations", q="alias:1001-02", briefRepresentation="false")
    path = f"organizations/{organization['id']}"
    for written in ("https://evil.example/x.png", "../../x", shown(welcome(stage)) or "", kept(stage)[0]):
        attributes = organization["attributes"] | {"logo": [written]}
        stage.admin.do("PUT", path, organization | {"attributes": attributes})
        assert shown(welcome(stage, "1001/02")) is None
    stage.admin.do("PUT", path, organization)
