"""An agency's logo: what is taken for one, what is said of what is not, and when it is sent."""

import base64
import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from provisioning.errors import BadInputError, ManifestError
from provisioning.realm.logos import MAX_BYTES, read_logo
from provisioning.realm.manifest import load
from provisioning.realm.plan import plan
from provisioning.realm.steps import FieldChange, RealmState, Step
from provisioning.realm.templates import DesiredRealm
from tests.unit.test_plan import SAMPLE, changed, state_after, wanted_realms


def image(kind: str = "PNG", size: tuple[int, int] = (120, 40), **options: object) -> bytes:
    """A file of this kind."""
    content = io.BytesIO()
    Image.new("RGB", size, "#1d3557").save(content, kind, **options)
    return content.getvalue()


def written(tmp_path: Path, content: bytes, name: str = "logo.png") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


# ---------------------------------------------------------------- files


def test_the_name_of_a_logo_follows_agency_and_content(tmp_path: Path) -> None:
    png = read_logo(written(tmp_path, image()))
    jpg = read_logo(written(tmp_path, image("JPEG"), "logo.JPEG"))
    assert png.content == image()
    assert [png.kind, jpg.kind] == ["png", "jpg"]
    assert png.name("1001-01").startswith("1001-01-")
    assert png.name("1001-01").endswith(".png")
    assert len({png.name("1001-01"), png.name("1001-02"), jpg.name("1001-01")}) == 3


def moving() -> bytes:
    frames = [Image.new("RGB", (120, 40), colour) for colour in ("red", "blue")]
    content = io.BytesIO()
    frames[0].save(content, "PNG", save_all=True, append_images=frames[1:])
    return content.getvalue()


def enormous() -> bytes:
    """A small file that says it is 60,000 pixels square."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "expected a PNG or JPEG image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "expected a PNG or JPEG image"),
        (image("GIF"), "expected a PNG or JPEG image"),
        (image()[:-30], "expected a PNG or JPEG image"),
        (enormous(), "expected a PNG or JPEG image"),
        (image() + b"<script>x</script>", "expected nothing behind the image"),
        (image("JPEG"), "expected the kind of image that its name says"),
        (image(size=(20, 20)), "expected 32 to 2000 pixels a side"),
        (image(size=(2001, 400)), "has 2001 × 400"),
        (image(size=(900, 100)), "at most 8 times"),
        (moving(), "expected an image that stands still"),
        (image() + b"0" * MAX_BYTES, "expected a file of at most 64 KB"),
    ],
)
def test_what_is_no_logo_is_refused_with_what_was_expected(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=r"logo\.png") as caught:
        read_logo(written(tmp_path, content))
    assert said in str(caught.value)


# ---------------------------------------------------------------- the manifest


def manifest(tmp_path: Path, logo: str) -> Path:
    text = SAMPLE.read_text(encoding="utf-8").replace("logo: logos/vieux-port.png", f"logo: {logo}", 1)
    path = tmp_path / "moncompte.yaml"
    path.write_text(text.replace("logo: logos/vieux-port.png", ""), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        ("logo.svg", "not .svg, which can hold scripts"),
        ("https://agence.example/logo", "expected the path of a .png or .jpg file"),
        ("missing.png", "missing.png: there is no such file"),
        ("broken.png", "is none, or damaged"),
    ],
)
def test_a_logo_that_cannot_be_shown_is_an_error_of_its_line_in_the_manifest(
    tmp_path: Path, logo: str, said: str
) -> None:
    written(tmp_path, b"broken", "broken.png")
    with pytest.raises(ManifestError) as caught:
        load(manifest(tmp_path, logo))
    (problem,) = caught.value.problems
    assert problem.key == "agencies[0].logo"
    assert said in problem.expected


def test_a_realm_s_logo_that_cannot_be_shown_is_an_error_of_its_line_too(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace("logo: logos/vieux-port.png", "")
    path = tmp_path / "moncompte.yaml"
    path.write_text(
        text.replace("    languages: ", "    logo: none.png\n    languages: ", 1), encoding="utf-8"
    )
    with pytest.raises(ManifestError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert problem.key == "realms[0].logo"
    assert "cannot read" in problem.expected


def test_a_logo_is_found_beside_the_manifest(tmp_path: Path) -> None:
    written(tmp_path, image(), "logo.png")
    assert load(manifest(tmp_path, "logo.png")).agencies[0].logo == "logo.png"


def test_a_logo_that_goes_between_reading_and_planning_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="The logo of 1001/01: cannot read"):
        wanted_realms(folder=tmp_path)


# ---------------------------------------------------------------- the plan


@pytest.fixture
def wanted() -> DesiredRealm:
    return wanted_realms()[0]


def steps(wanted: DesiredRealm, state: RealmState) -> list[Step]:
    return [step for step in plan(wanted, state) if step.kind == "logo"]


def test_a_logo_is_sent_once_its_agency_is_there(wanted: DesiredRealm) -> None:
    kinds = [step.kind for step in plan(wanted, RealmState())]
    assert kinds.index("logo") > max(at for at, kind in enumerate(kinds) if kind == "agency")
    first = steps(wanted, RealmState())[0]
    assert (first.action, first.name) == ("create", "1001-01")
    assert base64.b64decode(first.payload["content"]) == wanted.logos["1001-01"].content


def test_a_logo_that_is_there_is_left(wanted: DesiredRealm) -> None:
    assert {step.action for step in steps(wanted, state_after(wanted))} == {"unchanged"}


def test_another_logo_replaces_the_one_there_is_and_none_takes_it_away(wanted: DesiredRealm) -> None:
    state = state_after(wanted)
    name = wanted.logos["1001-01"].name("1001-01")
    state.organizations[0]["attributes"]["logo"] = ["1001-01-old.png"]
    (step,) = changed(wanted, state)
    assert step.fields == (FieldChange("file", "1001-01-old.png", name),)
    assert step.payload["content"]

    none = replace(wanted, logos={})
    (taken, _) = changed(none, state_after(wanted))
    assert (taken.kind, taken.fields) == ("logo", (FieldChange("file", name, None),))
    assert taken.payload == {}


def test_a_file_that_the_server_has_lost_is_sent_again(wanted: DesiredRealm) -> None:
    state = replace(state_after(wanted), logos=frozenset())
    assert {step.action for step in steps(wanted, state)} == {"change"}


def test_a_change_of_an_agency_keeps_its_logo(wanted: DesiredRealm) -> None:
    state = state_after(wanted)
    state.organizations[0]["attributes"]["phone"] = ["0"]
    (step,) = changed(wanted, state)
    assert step.payload["attributes"]["logo"] == [wanted.logos["1001-01"].name("1001-01")]
