"""Letters: what they say, where it stands, who gets one, and what a template may not do."""

import stat
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from provisioning.errors import LetterError
from provisioning.letters import STANDARD, Agency, Letter, Pages, Template, postal_address, volumes
from provisioning.letters.letter import in_words
from provisioning.letters.recipients import Passed, Waiting, candidates, letters, waiting
from provisioning.owners.file import COLUMNS, Owner, OwnersFile
from tests.unit.letter_pages import Page, pages

TODAY = date(2026, 11, 23)
AGENCY = Agency(
    "1001",
    "01",
    "Agence du Vieux-Port",
    "04 91 00 00 01",
    "contact@agence-vieux-port.example",
    "https://agence-vieux-port.example/aide",
    "https://extranet.agence-vieux-port.example/",
)
LETTER = Letter(
    "P00012",
    "abcde-fghj-kmnp",
    "Madame",
    "LEFÈVRE",
    "Hélène",
    ("Madame Hélène LEFÈVRE", "12 RUE DE L EVECHE", "13002 MARSEILLE"),
    date(2026, 12, 1),
)


def drawn(*letters: Letter, template: Path = STANDARD, agency: Agency = AGENCY) -> list[Page]:
    made = Pages(Template(template, agency, TODAY), agency, TODAY, None)
    for letter in letters:
        made.add(letter)
    return pages(made.pdf())


def wording(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "letter.html"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- what it says


def test_a_letter_says_everything_to_activate_by_in_french() -> None:
    (page,) = drawn(LETTER)
    for said in (
        "Agence du Vieux-Port",
        "contact@agence-vieux-port.example",
        "Madame Hélène LEFÈVRE",
        "P00012",
        "abcde-fghj-kmnp",
        "1001 · 01",
        "1er décembre 2026",
        "Le 23 novembre 2026",
        "Madame,",
        "« Je n’ai pas de compte »",
        "Je fusionne mes comptes",
    ):
        assert said in page.text
    assert "https://extranet.agence-vieux-port.example/login ?client=1001&societe=01" in page.text


@pytest.mark.parametrize("identifier", ["P00012", "é/1 &x=2?#", "P" * 64, 'O\'Neil "<b>"'])
def test_its_qr_code_opens_the_sign_in_with_codes_and_identifier_and_never_the_password(
    identifier: str,
) -> None:
    (page,) = drawn(LETTER._replace(identifier=identifier))
    (code,) = page.codes
    url = urlsplit(code)
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://extranet.agence-vieux-port.example/login"
    assert parse_qs(url.query) == {"client": ["1001"], "societe": ["01"], "identifiant": [identifier]}
    assert LETTER.password not in code


def test_every_owner_has_a_page_and_nothing_of_the_one_before() -> None:
    first, second = drawn(LETTER, LETTER._replace(identifier="P2", password="zzzzz-zzzz-zzzz"))
    assert "P00012" in first.text
    assert "P00012" not in second.text
    assert LETTER.password not in second.text
    assert second.codes[0].endswith("identifiant=P2")


def test_what_a_file_says_is_text() -> None:
    (page,) = drawn(LETTER._replace(identifier="<b>&amp;</b><img/>", password="a<b>&lt;"))
    assert "<b>&amp;</b><img/>" in page.text
    assert "a<b>&lt;" in page.text


@pytest.mark.parametrize(
    ("civility", "salutation"),
    [
        ("Madame", "Madame"),
        ("mme", "Madame"),
        ("M.", "Monsieur"),
        ("SCI", "Madame, Monsieur"),
        ("", "Madame, Monsieur"),
    ],
)
def test_the_owner_is_spoken_to_by_civility(civility: str, salutation: str) -> None:
    assert LETTER._replace(civility=civility).salutation == salutation


def test_days_are_written_as_in_french_letters() -> None:
    assert [in_words(date(2027, 8, 1)), in_words(date(2027, 2, 28))] == ["1er août 2027", "28 février 2027"]


def test_a_letter_is_never_printed_with_its_password_in_a_log() -> None:
    assert LETTER.password not in repr(LETTER)


# ---------------------------------------------------------------- where it stands


def test_the_address_shows_in_the_window_of_a_dl_envelope_and_nothing_else_does() -> None:
    """110 × 220 mm, window of 100 mm by 35 or 45 mm, 20 mm from the right and the lower edge."""
    lines = (
        "Madame Hélène Marie LEFÈVRE DE LA TOUR",
        *("W" * 38 for _ in range(4)),
        "13002 MARSEILLE CEDEX 02",
    )
    (page,) = drawn(LETTER._replace(address=lines))
    address = [one for one in page.characters if one.left >= 105 and 40 < one.top < 88]
    assert len(address) == len("".join(lines).replace(" ", ""))
    # Wherever the folded sheet lies in its envelope, this part of it shows.
    assert min(one.top for one in address) >= 55
    assert max(one.bottom for one in address) <= 79
    assert max(one.right for one in address) <= 190
    # And whatever may show besides is white.
    assert not [
        one
        for one in page.characters
        if one.right > 90 and one.bottom > 34 and one.top < 90 and one not in address
    ]


def test_no_fold_crosses_what_has_to_be_typed() -> None:
    """The sheet is folded 99 and 198 mm from above; the window shows what is above the first fold."""
    (page,) = drawn(LETTER)
    said = "".join(one.text for one in page.characters)
    for typed in (LETTER.identifier, LETTER.password):
        at = said.index(typed)
        assert all(one.top > 101 and one.bottom < 196 for one in page.characters[at : at + len(typed)])


def test_lines_do_not_break_where_french_has_a_space_that_holds(tmp_path: Path) -> None:
    template = wording(tmp_path, "<p>Vous : « oui » ou « non » ?</p>")
    (block,) = Template(template, AGENCY, TODAY).blocks(LETTER)
    assert block.text.split(" ") == ["Vous\xa0:", "«\xa0oui\xa0»", "ou", "«\xa0non\xa0»\xa0?"]


@pytest.mark.parametrize(
    ("address", "postal_code", "city", "lines"),
    [
        ("12, rue de l'Évêché", "13002", "Marseille", ("12 RUE DE L EVECHE", "13002 MARSEILLE")),
        ("", "", "", ()),
        ("3 bd Cœur-Joli", "44000", "Saint-Herblain", ("3 BD COEUR JOLI", "44000 SAINT HERBLAIN")),
        (
            "Résidence Les Hauts de la Côte Bleue, bâtiment B, 118 avenue du Maréchal de Lattre de Tassigny",
            "13620",
            "Carry-le-Rouet",
            (
                "RESIDENCE LES HAUTS DE LA COTE BLEUE",
                "BATIMENT B 118 AVENUE DU MARECHAL DE",
                "LATTRE DE TASSIGNY",
                "13620 CARRY LE ROUET",
            ),
        ),
    ],
)
def test_an_address_is_written_as_the_post_wants_it(
    address: str, postal_code: str, city: str, lines: tuple[str, ...]
) -> None:
    """NF Z 10-011: six lines of 38 characters; street and place in plain capitals."""
    owner = Owner(
        "p1", "P1", "Madame", "LEFÈVRE", "Hélène", "", "", "", address, postal_code, city, (), None, ()
    )
    assert postal_address(owner) == ("Madame Hélène LEFÈVRE", *lines)


# ---------------------------------------------------------------- templates


def test_a_template_of_ones_own_words_the_letter(tmp_path: Path) -> None:
    template = wording(
        tmp_path,
        "<h1>Bonjour {{ owner.first_name }}</h1><h2>{{ agency.name }}</h2><ul><li>un<br>deux</ul>"
        "{% if owner.last_name %}<p>Jusqu'au <b>{{ expires }}</b>, sur {{ sign_in_url }}</p>{% endif %}"
        "<hr><qr>",
    )
    (page,) = drawn(LETTER, template=template)
    assert "Bonjour Hélène" in page.text
    assert "Jusqu'au 1er décembre 2026" in page.text
    assert page.codes
    assert LETTER.password not in page.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% include '/etc/passwd' %}", "letter.html"),
        ("{% import '/etc/passwd' as x %}", "letter.html"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ owner.__init__.__globals__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "letter.html:1: not for letters: call"),
        ("<p>{{ owner.nom }}</p>", "nom"),
        ("<p>{{ 1 / 0 }}</p>", "letter.html:1: not for letters: div"),
        ("{% for i in range(10000000) %}{% endfor %}", "letter.html:1: not for letters: for"),
        ("<p>{{ owner.password </p>", "letter.html:1"),
        ("<img src='file:///etc/passwd'>", "<img> takes no attributes"),
        ("<img>", "<img> cannot stand here"),
        ("<p><a href='https://x.example'>x</a></p>", "takes no attributes"),
        ("<p style='color:red'>x</p>", "takes no attributes"),
        ("<script>x</script>", "<script> cannot stand here"),
        ("<!DOCTYPE html>", "not understood"),
        ("<?xml version='1.0'?>", "not understood"),
        ("text", "outside of a paragraph"),
    ],
)
def test_a_template_may_do_nothing_but_word(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LetterError) as caught:
        drawn(LETTER, template=wording(tmp_path, text))
    assert said in str(caught.value)
    assert LETTER.password not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{% for a in 'xx' %}{% for b in 'xx' %}{% endfor %}{% endfor %}",
            "letter.html:2: not for letters: for",
        ),
        ("{% for a in [[]] recursive %}{{ loop([a]) }}{% endfor %}", "not for letters: for"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "not for letters: macro"),
        ("{% block b %}{{ self.b() }}{% endblock %}", "not for letters: block"),
        ("{% call(x) y() %}{% endcall %}", "not for letters: callblock"),
        ("{% include 'letter.html' %}", "not for letters: include"),
        ("{% extends 'letter.html' %}", "not for letters: extends"),
        ("{{ 'x' * 10**9 }}", "letter.html:2: not for letters: mul"),
        ("{{ 9**9**9 }}", "not for letters: pow"),
        ("{{ '%999999999d' % 1 }}", "not for letters: mod"),
        ("{{ '{:>999999999}'.format(1) }}", "not for letters: call"),
        ("{{ 'x'|center(999999999) }}", "not for letters: |center"),
        ("{{ ['x']|map('center', 999999999)|list }}", "not for letters: |"),
        ("{{ 'xx'|replace('x', 'xx') }}", "not for letters: |replace"),
        ("{{ 'x' if owner['identifier'][:1] }}", "not for letters: slice"),
        ("{% set a = 'x' %}" + "{% set a = a ~ a %}" * 60, "not for letters: a text put together"),
        ("{% set a = 'x' %}" + "{% set a = [a, a] %}" * 60, "not for letters: a text put together"),
        ("{% set a %}x{% endset %}", "not for letters: assignblock"),
        ("{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}", "letter.html: nested too deeply"),
        ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, "letter.html: nested too deeply"),
        ("{{ " + "not " * 10_000 + "1 }}", "letter.html: nested too deeply"),
        ("<p>x</p>" * 10_000, "letter.html: larger than 64 KB"),
    ],
    ids=lambda value: value[:40],
)
def test_a_template_ends(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LetterError) as caught:
        drawn(LETTER, template=wording(tmp_path, f"<p>x</p>\n{text}"))
    assert said in str(caught.value)


def test_a_template_chooses_between_texts(tmp_path: Path) -> None:
    text = """{% set dear = "Chère Madame" if owner.civility == "Mme" else "Bonjour" %}
        <p>{{ dear }} {{ owner.last_name|upper }}{% if owner.password %} : {{ "a" ~ "b" }}{% endif %}</p>"""
    (page,) = drawn(LETTER, template=wording(tmp_path, text))
    assert LETTER.last_name.upper() in page.text


def test_markup_in_what_the_file_says_is_not_markup_of_the_letter(tmp_path: Path) -> None:
    template = wording(tmp_path, "<p>{{ owner.last_name }}</p>")
    (page,) = drawn(LETTER._replace(last_name="<img src='file:///etc/passwd'/> & {{ 1 }}"), template=template)
    assert "<img src='file:///etc/passwd'/> & {{ 1 }}" in page.text


def test_a_letter_that_does_not_fit_is_named(tmp_path: Path) -> None:
    with pytest.raises(LetterError, match="P00012 does not fit"):
        drawn(LETTER, template=wording(tmp_path, "<p>x</p>" * 200))


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
def test_a_logo_that_is_none_is_one_message(tmp_path: Path, content: bytes) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(content)
    with pytest.raises(LetterError, match="PNG or JPEG"):
        Pages(Template(STANDARD, AGENCY, TODAY), AGENCY, TODAY, logo)


# ---------------------------------------------------------------- who gets one


def owners_csv(tmp_path: Path) -> OwnersFile:
    lines = [";".join(COLUMNS)]
    for identifier, password in (
        ("P1", ""),
        ("P2", "Tulipe-48"),
        ("P3", ""),
        ("P4", "Jasmin-55"),
        ("P5", ""),
    ):
        values = {
            "identifiant": identifier,
            "mot_de_passe": password,
            "nom": f"NOM-{identifier}",
            "code_postal": "13002",
            "ville": "" if identifier == "P2" else "Marseille",
            "profil": "locataire",
            "reference": "R",
        }
        lines.append(";".join(values.get(column, "") for column in COLUMNS))
    path = tmp_path / "owners.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return OwnersFile(path)


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def all_work(asked: Sequence[tuple[str, str]]) -> list[bool]:
    return [True] * len(asked)


def test_who_can_still_activate_and_has_a_password_we_know_gets_one(tmp_path: Path) -> None:
    expires = "2026-12-24T10:00:00Z"
    waiting = {key: Waiting(expires, has_letter=key == "p5") for key in ("p1", "p2", "p3", "p5")}
    passwords = {"p1": "new-1", "p5": "new-5"}
    passed = Passed()
    made = list(letters(candidates(owners_csv(tmp_path), passwords, waiting, passed, NOW), passed, all_work))
    assert [(one.identifier, one.password) for one in made] == [
        ("P1", "new-1"),
        ("P2", "Tulipe-48"),
        ("P5", "new-5"),
    ]
    assert made[0].expires == date(2026, 12, 24)
    assert (passed.not_waiting, passed.no_password, passed.no_address) == (1, 1, 1)

    passed = Passed()
    made = list(
        letters(
            candidates(owners_csv(tmp_path), passwords, waiting, passed, NOW, only_new=True), passed, all_work
        )
    )
    assert [one.identifier for one in made] == ["P1", "P2"]
    assert passed.had_letter == 1

    passed = Passed()
    made = list(
        letters(
            candidates(owners_csv(tmp_path), passwords, waiting, passed, NOW, only={"p5", "p9"}),
            passed,
            all_work,
        )
    )
    assert [one.identifier for one in made] == ["P5"]
    assert passed == Passed(found={"p5"})


def test_a_password_that_has_expired_gets_no_letter(tmp_path: Path) -> None:
    passed = Passed()
    found = {"p2": Waiting("2026-11-23T09:00:00Z", has_letter=False)}
    assert list(letters(candidates(owners_csv(tmp_path), {}, found, passed, NOW), passed, all_work)) == []
    assert passed.expired == 1


def test_who_is_disabled_or_has_no_contract_left_waits_for_no_letter() -> None:
    owner = {
        "identifier": " P1",
        "step": "loaded",
        "expires": "2026-12-24T10:00:00Z",
        "letter_at": None,
        "enabled": True,
    }
    assert waiting([owner]) == {"p1": Waiting("2026-12-24T10:00:00Z", has_letter=False)}
    assert (
        waiting(
            [
                owner | {"enabled": False},
                owner | {"step": "ended"},
                owner | {"expires": None, "letter_at": "x"},
            ]
        )
        == {}
    )


# ---------------------------------------------------------------- files


def written(path: Path, *letters: Letter) -> list[volumes.Volume]:
    def made() -> Pages:
        return Pages(Template(STANDARD, AGENCY, TODAY), AGENCY, TODAY, None)

    return list(volumes.write(letters, path, made, lambda: None))


def test_nobody_else_reads_the_files_and_many_letters_are_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volumes, "PAGES", 2)
    path = tmp_path / "letters.pdf"
    made = written(path, *(LETTER._replace(identifier=f"P{number}") for number in range(5)))
    assert [(volume.path.name, volume.identifiers) for volume in made] == [
        ("letters.pdf", ("P0", "P1")),
        ("letters-2.pdf", ("P2", "P3")),
        ("letters-3.pdf", ("P4",)),
    ]
    assert [len(pages(volume.path)) for volume in made] == [2, 2, 1]
    assert {stat.S_IMODE(volume.path.stat().st_mode) for volume in made} == {0o600}
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_that_is_no_pdf_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(LetterError, match="no PDF"):
        written(path, LETTER)
    assert path.read_text(encoding="utf-8") == "precious"


def test_letters_of_last_time_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    written(path, LETTER)
    written(path, LETTER._replace(identifier="P2"))
    assert "P2" in pages(path)[0].text


def test_no_letter_no_file(tmp_path: Path) -> None:
    assert written(tmp_path / "letters.pdf") == []
    assert list(tmp_path.iterdir()) == []
