"""owners.csv: read as agencies write it; a line that cannot be used is named, the others are loaded."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from provisioning.errors import OwnersFileError
from provisioning.owners import row as owner_rows
from provisioning.owners.cells import neutral, plain
from provisioning.owners.file import COLUMNS, Owner, OwnersFile, Problem, Rejected
from provisioning.texts import language_of

SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = ";".join(COLUMNS)


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts compared here are French."""
    monkeypatch.setenv("LANGUAGE", "fr")


def line(**cells: str) -> str:
    values = {
        "identifiant": "P1",
        "nom": "LEFÈVRE",
        "prenom": "Hélène",
        "profil": "propriétaire",
        "reference": "R1",
    } | cells
    return ";".join(values.get(column, "") for column in COLUMNS)


def read_bytes(tmp_path: Path, content: bytes) -> tuple[list[Owner], list[Problem], OwnersFile]:
    path = tmp_path / "owners.csv"
    path.write_bytes(content)
    file = OwnersFile(path)
    owners: list[Owner] = []
    problems: list[Problem] = []
    for item in file.read():
        if isinstance(item, Owner):
            owners.append(item)
        else:
            problems += item.problems if isinstance(item, Rejected) else [item]
    return owners, problems, file


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[list[Owner], list[Problem]]:
    owners, problems, _ = read_bytes(tmp_path, "\n".join([header, *lines, ""]).encode())
    return owners, problems


def refusals(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.code) for problem in problems if problem.refused]


# ---------------------------------------------------------------- what agencies write


@pytest.mark.parametrize(
    ("name", "encoding", "separator", "owners"),
    [
        ("owners-1001-01.csv", "utf-8", ";", 6),
        ("owners-2002-01.csv", "cp1252", ";", 3),
        ("owners-3003-01.csv", "utf-8-sig", ",", 2),
    ],
)
def test_the_samples_are_read_without_an_option(
    name: str, encoding: str, separator: str, owners: int
) -> None:
    file = OwnersFile(SAMPLES / name)
    items = list(file.read())
    assert (file.encoding, file.separator) == (encoding, separator)
    assert all(isinstance(item, Owner) for item in items)
    assert len(items) == owners


def test_the_owner_of_the_sample_has_her_two_contracts() -> None:
    helene = next(iter(OwnersFile(SAMPLES / "owners-1001-01.csv").read()))
    assert isinstance(helene, Owner)
    assert (helene.identifier, helene.last_name, helene.first_name) == ("P00012", "LEFÈVRE", "Hélène")
    assert [contract.role for contract in helene.contracts] == ["copropriétaire", "propriétaire"]
    assert helene.lines == (2, 3)


def test_windows_1252_is_found_out_with_its_quotes_and_ligatures(tmp_path: Path) -> None:
    content = f"{HEADER}\r\n{line(nom='CŒURDEROY', adresse='12 rue de l’Évêché')}\r\n".encode("cp1252")
    owners, problems, file = read_bytes(tmp_path, content)
    assert (file.encoding, problems) == ("cp1252", [])
    assert (owners[0].last_name, owners[0].address) == ("CŒURDEROY", "12 rue de l’Évêché")


def test_one_bad_byte_does_not_turn_a_utf8_file_into_garbage(tmp_path: Path) -> None:
    lines = [line(identifiant=f"P{number}").encode() for number in range(3)] + [b"\xe9" + line().encode()]
    owners, problems, file = read_bytes(tmp_path, b"\n".join([HEADER.encode(), *lines]))
    assert file.encoding == "utf-8"
    assert {owner.last_name for owner in owners} == {"LEFÈVRE"}
    assert refusals(problems) == [(5, "", "line_undecodable")]


def test_columns_are_found_by_their_names_in_any_order_case_and_accents_aside(tmp_path: Path) -> None:
    names = list(reversed(COLUMNS))
    header = ";".join(names).replace("prenom", "Prénom").replace("code_postal", "Code Postal").upper()
    cells = dict(zip(COLUMNS, line(code_postal="13002").split(";"), strict=True))
    owners, problems = read(tmp_path, ";".join(cells[name] for name in names), header=header)
    assert problems == []
    assert (owners[0].first_name, owners[0].postal_code) == ("Hélène", "13002")


def test_lines_of_one_identifier_make_one_owner_even_when_apart(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path,
        line(reference="A"),
        line(identifiant="P2", nom="AUTRE"),
        line(identifiant=" p1 ", reference="B"),
    )
    assert problems == []
    assert [(owner.identifier, owner.lines) for owner in owners] == [("P2", (3,)), ("P1", (2, 4))]


def test_an_empty_cell_agrees_with_the_value_on_another_line(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path, line(mot_de_passe="Tulipe-4821", email="a@b.example"), line(reference="B", prenom="")
    )
    assert problems == []
    assert (owners[0].password, owners[0].email, owners[0].first_name) == (
        "Tulipe-4821",
        "a@b.example",
        "Hélène",
    )


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Propriétaire", "propriétaire"),
        ("COPROPRIETAIRE", "copropriétaire"),
        ("Co-propriétaire", "copropriétaire"),
        (" locataire ", "locataire"),
    ],
)
def test_roles_are_read_without_case_and_accents(tmp_path: Path, written: str, read_as: str) -> None:
    owners, _ = read(tmp_path, line(profil=written))
    assert owners[0].contracts[0].role == read_as


def test_quoted_cells_hold_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path, line(adresse_bien='"Résidence ""Les Calanques"";\nbât. B"'), line(identifiant="P2")
    )
    assert problems == []
    assert owners[0].contracts[0].address == 'Résidence "Les Calanques"; bât. B'
    assert owners[1].lines == (4,)


def test_empty_lines_and_a_spreadsheets_empty_cells_are_no_mistake(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, "", line() + ";;;", ";" * 13, "   ")
    assert (len(owners), problems) == (1, [])


def test_decomposed_accents_are_composed(tmp_path: Path) -> None:
    owners, _ = read(tmp_path, line(nom="LEFE\u0300VRE", identifiant="E\u0301-1", mot_de_passe="Pe\u0301-1"))
    assert (owners[0].last_name, owners[0].key, owners[0].password) == ("LEFÈVRE", "é-1", "Pé-1")


def test_a_password_does_not_show_in_what_is_printed_of_an_owner(tmp_path: Path) -> None:
    owners, _ = read(tmp_path, line(mot_de_passe="Tulipe-4821"))
    assert "Tulipe" not in repr(owners)


# ---------------------------------------------------------------- the file as a whole


def unusable(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "owners.csv"
    path.write_bytes(content)
    with pytest.raises(OwnersFileError) as caught:
        OwnersFile(path)
    return str(caught.value)


def test_a_misspelt_column_is_suggested(tmp_path: Path) -> None:
    message = unusable(tmp_path, HEADER.replace("mot_de_passe", "mot_de_pase").encode())
    assert "il manque la colonne mot_de_passe ; est-ce « mot_de_pase »" in message


def test_every_missing_and_doubled_column_is_named_at_once(tmp_path: Path) -> None:
    message = unusable(tmp_path, HEADER.replace("profil;", "").replace("ville", "nom").encode())
    assert "il manque la colonne profil" in message
    assert "il manque la colonne ville" in message
    assert "la colonne nom est là deux fois" in message


def test_a_column_nobody_knows_is_left_aside_and_said(tmp_path: Path) -> None:
    owners, _, file = read_bytes(tmp_path, f"{HEADER};motif\n{line()};trop long\n".encode())
    assert len(owners) == 1
    assert [(note.column, note.refused) for note in file.notes] == [("motif", False)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"identifiant\tnom",
        HEADER.encode("utf-16"),
        b'"identifiant;nom',
        b"\0\0\0",
        b"\xff" * 70000,
        HEADER.replace(";", "\r").encode(),
    ],
)
def test_what_is_no_owners_file_is_an_error_not_a_trace(tmp_path: Path, content: bytes) -> None:
    assert str(tmp_path) in unusable(tmp_path, content)


def test_a_file_that_changes_while_it_is_read_is_loaded_as_it_was(tmp_path: Path) -> None:
    owners, _, file = read_bytes(tmp_path, f"{HEADER}\n{line()}\n".encode())
    (tmp_path / "owners.csv").write_text(HEADER + "\n", encoding="utf-8")
    assert list(file.read()) == owners


# ---------------------------------------------------------------- lines that cannot be used


@pytest.mark.parametrize("column", ["identifiant", "nom", "profil", "reference"])
def test_an_empty_cell_that_is_needed_is_refused(tmp_path: Path, column: str) -> None:
    owners, problems = read(tmp_path, line(**{column: "  "}), line(identifiant="P2"))
    assert refusals(problems) == [(2, column, "value_missing")]
    assert [owner.identifier for owner in owners] == ["P2"]


@pytest.mark.parametrize(
    "address",
    [
        "a",
        "a@b",
        "a@@b.fr",
        "a b@c.fr",
        "a@b..fr",
        ".a@b.fr",
        "a..b@c.fr",
        "<a@b.fr>",
        "a@-b.fr",
        "a@b.fr,c@d.fr",
    ],
)
def test_an_impossible_address_is_refused(tmp_path: Path, address: str) -> None:
    _, problems = read(tmp_path, line(email=address))
    assert refusals(problems) == [(2, "email", "email_impossible")]


def test_an_address_is_loaded_in_its_one_form(tmp_path: Path) -> None:
    other = line(email="jeanne@xn--mnagre-6uae.example", reference="B")
    owners, problems = read(tmp_path, line(email="\u00a0Jeanne@MÉNAGÈRE.example"), other)
    assert [owner.email for owner in owners] == ["jeanne@xn--mnagre-6uae.example"]
    assert not problems


def test_an_invisible_character_in_an_address_is_told(tmp_path: Path) -> None:
    _, problems = read(tmp_path, line(email="jeanne\u200b@exemple.fr"))
    assert refusals(problems) == [(2, "email", "email_invisible")]
    assert "jeanne�@exemple.fr" in problems[0].reason()


def test_an_unknown_role_is_refused_with_those_accepted(tmp_path: Path) -> None:
    _, problems = read(tmp_path, line(profil="gardien"))
    assert problems[0].reason() == (
        "« gardien » n'est pas un profil ; attendu : propriétaire, copropriétaire, locataire"
    )


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("nom", "LEFÈVRE", "DURAND"),
        ("prenom", "Hélène", "Paul"),
        ("email", "a@b.example", "c@b.example"),
        ("adresse", "1 rue A", "2 rue A"),
        ("ville", "Marseille", "Nantes"),
        ("mot_de_passe", "Tulipe-4821", "Tulipe-4822"),
    ],
)
def test_lines_of_one_identifier_that_disagree_are_all_refused(
    tmp_path: Path, column: str, first: str, second: str
) -> None:
    owners, problems = read(
        tmp_path, line(**{column: first}), line(reference="B", **{column: second}), line(identifiant="P2")
    )
    assert refusals(problems) == [(2, "", "refused_with"), (3, column, "disagreement")]
    assert [owner.identifier for owner in owners] == ["P2"]


@pytest.mark.parametrize("second", ["P 00012", "p.00012.", "Ｐ00012"])
def test_one_identifier_written_in_two_ways_is_refused(tmp_path: Path, second: str) -> None:
    owners, problems = read(
        tmp_path, line(identifiant="P-00012"), line(), line(identifiant=second, prenom="")
    )
    assert refusals(problems) == [
        (2, "identifiant", "identifier_alike"),
        (4, "identifiant", "identifier_alike"),
    ]
    assert problems[0].reason() == (
        f"l'identifiant « {second} » de la ligne 4 est le même aux espaces, tirets et points près ; écrivez"
        " les deux de la même façon"
    )
    assert [owner.identifier for owner in owners] == ["P1"]


def test_identifiers_of_two_people_may_be_alike(tmp_path: Path) -> None:
    martin = {"nom": "MARTIN", "prenom": "Paul"}
    owners, problems = read(
        tmp_path,
        line(identifiant="1-23"),
        line(identifiant="12-3", **martin),
        line(identifiant="1-23", reference="R2"),
    )
    assert problems == []
    assert [(owner.identifier, owner.lines) for owner in owners] == [("1-23", (2, 4)), ("12-3", (3,))]


def test_two_spellings_of_one_name_do_not_disagree(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(), line(nom="Lefevre", prenom="HELENE", reference="B"))
    assert (len(owners), problems) == (1, [])


def test_a_repeated_reference_and_role_is_refused(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(), line(), line(profil="locataire"))
    assert owners == []
    assert refusals(problems) == [
        (2, "", "refused_with"),
        (3, "reference", "contract_twice"),
        (4, "", "refused_with"),
    ]


def test_an_identifier_with_more_lines_than_an_owner_can_have_is_refused(tmp_path: Path) -> None:
    most = [line(reference=f"R{number}") for number in range(1000)]
    [owner], problems = read(tmp_path, *most)
    assert (len(owner.contracts), problems) == (1000, [])
    owners, problems = read(tmp_path, *most, line(reference="R1000"))
    assert (owners, len(problems)) == ([], 1001)
    assert refusals(problems)[0] == (2, "identifiant", "contracts_too_many")


def test_one_reference_in_two_roles_is_two_contracts(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(), line(profil="locataire"))
    assert (len(owners[0].contracts), problems) == (2, [])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("P1", "password_is_identifier"),
        ("p1", "password_is_identifier"),
        ("lefevre", "password_is_name"),
        ("Hélène", "password_is_name"),
        ("helene.LEFEVRE", "password_is_name"),
    ],
)
def test_a_password_that_is_the_identifier_or_the_name_is_refused(
    tmp_path: Path, password: str, code: str
) -> None:
    _, problems = read(tmp_path, line(mot_de_passe=password))
    assert refusals(problems) == [(2, "mot_de_passe", code)]


def test_one_password_for_two_owners_refuses_both_and_never_shows_it(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path,
        line(mot_de_passe="Tulipe-4821"),
        line(identifiant="P2", mot_de_passe=" Tulipe-4821 "),
        line(identifiant="P3", mot_de_passe="Jasmin-5512"),
    )
    assert refusals(problems) == [
        (2, "mot_de_passe", "password_shared"),
        (3, "mot_de_passe", "password_shared"),
    ]
    assert [owner.identifier for owner in owners] == ["P3"]
    assert not any("Tulipe" in problem.reason() for problem in problems)


def test_values_too_long_are_refused_with_their_limit(tmp_path: Path) -> None:
    _, problems = read(tmp_path, line(identifiant="x" * 65), line(identifiant="P2", adresse="x" * 256))
    assert refusals(problems) == [(2, "identifiant", "value_too_long"), (3, "adresse", "value_too_long")]
    assert problems[1].reason() == "la valeur dépasse 255 caractères (256)"


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\x7f", "\ue000"])
def test_invisible_characters_are_refused(tmp_path: Path, character: str) -> None:
    _, problems = read(tmp_path, line(nom=f"A{character}B"))
    assert refusals(problems) == [(2, "nom", "value_control")]


def test_blanks_of_every_kind_become_one(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(nom="DE\u00a0LA \u2009\tTOUR\u0085"))
    assert (owners[0].last_name, problems) == ("DE LA TOUR", [])


def test_too_many_and_too_few_cells_are_refused(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line() + ";plus", "P2;x", line(identifiant="P3"))
    assert refusals(problems) == [(2, "", "line_too_many"), (3, "", "line_too_few")]
    assert len(owners) == 1


def test_a_nul_spoils_its_own_line_only(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(nom="A\0B"), line(identifiant="P2"))
    assert refusals(problems) == [(2, "", "line_nul")]
    assert len(owners) == 1


def test_a_line_of_ten_megabytes_spoils_itself_only(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, "x" * 10_000_000, line(identifiant="P2"))
    assert refusals(problems) == [(2, "", "line_too_long")]
    assert owners[0].lines == (3,)


@pytest.mark.parametrize("stray", ['"12 rue', '"12" rue', '"'])
def test_a_stray_quote_spoils_its_own_line_only(tmp_path: Path, stray: str) -> None:
    owners, problems = read(
        tmp_path,
        line(adresse=stray),
        *(line(identifiant=f"P{number}") for number in range(2, 40)),
        line(identifiant="P40", adresse='"Résidence ""A"""'),
    )
    assert refusals(problems) == [(2, "", "line_quote")]
    assert len(owners) == 39
    assert owners[-1].address == 'Résidence "A"'


def test_a_stray_quote_closed_by_another_cells_quote_is_found_out(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path, line(adresse='"12 rue'), line(identifiant="P2", adresse='"1; rue"'), line(identifiant="P3")
    )
    assert refusals(problems) == [(2, "", "line_quote")]
    assert [owner.identifier for owner in owners] == ["P2", "P3"]


def test_a_stray_quote_on_the_last_line_is_found_out(tmp_path: Path) -> None:
    _, problems = read(tmp_path, line(adresse='"12 rue'))
    assert refusals(problems) == [(2, "", "line_quote")]


def test_a_formula_is_loaded_as_text_and_reported(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(adresse="=cmd|' /C calc'!A0", telephone="+33 6 11 22 33 44"))
    assert owners[0].address == "=cmd|' /C calc'!A0"
    assert [(problem.column, problem.code, problem.refused) for problem in problems] == [
        ("adresse", "formula", False)
    ]


@pytest.mark.parametrize(
    ("code", "reported"), [("1300", True), ("01300", False), ("B-1300", False), ("", False)]
)
def test_a_postal_code_that_a_spreadsheet_may_have_cut_is_reported(
    tmp_path: Path, code: str, reported: bool
) -> None:
    owners, problems = read(tmp_path, line(code_postal=code))
    assert owners[0].postal_code == code
    expected = [("code_postal", "postal_code_short", False)] if reported else []
    assert [(problem.column, problem.code, problem.refused) for problem in problems] == expected


def test_a_line_that_cannot_be_used_does_not_keep_the_owners_others_out(tmp_path: Path) -> None:
    owners, problems = read(tmp_path, line(), line(reference=""))
    assert [owner.lines for owner in owners] == [(2,)]
    assert refusals(problems) == [(3, "reference", "value_missing")]


# ---------------------------------------------------------------- cells and languages


@pytest.mark.parametrize(
    "value", ["=1+1", "+33", "-x", "@x", "\tx", "'=x", "''+x", "'x", "x", "", "'", "l'Évêché"]
)
def test_cells_we_write_are_neutral_in_a_spreadsheet_and_read_back_as_they_were(value: str) -> None:
    assert neutral(value)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert plain(neutral(value)) == value


def test_a_neutralised_cell_is_loaded_as_it_was(tmp_path: Path) -> None:
    owners, _ = read(tmp_path, line(telephone="'+33 6 11"))
    assert owners[0].phone == "+33 6 11"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "fr_FR.UTF-8"}, "fr"),
    ],
)
def test_the_language_is_french_unless_the_locale_is_english(
    environment: dict[str, str], language: str
) -> None:
    assert language_of(environment) == language


def test_what_was_typed_cannot_drive_the_terminal(tmp_path: Path) -> None:
    _, [problem] = read(tmp_path, line(profil="\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 100))
    said = problem.reason()
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in said
    assert "…" in said


def test_most_lines_are_recognised_at_a_glance_and_read_the_same_as_the_thorough_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [
        "LEFÈVRE",
        "D'ANGELO",
        "x  y",
        " x",
        "x ",
        "'=x",
        "=x",
        "+33 6",
        "-12",
        "-x",
        "@x",
        "a\u00a0b",
        "",
        "'",
    ]
    values += [
        "e\u0301",
        "a\u200bb",
        "\ufeffx",
        "\x85",
        "Œ",
        "x" * 300,
        "gardien",
        "Locataire",
        "P 1",
        "a@b.fr",
    ]
    columns = ["identifiant", "mot_de_passe", "nom", "prenom", "email", "telephone", "profil", "reference"]
    columns.append("adresse_bien")  # the last, as the first is the identifier
    lines = [line(**{column: value}) for column in columns for value in values]
    lines = [one.replace("P1;", f"P1-{number};", 1) for number, one in enumerate(lines)]
    quick = read(tmp_path, *lines)
    monkeypatch.setattr(owner_rows.RowReader, "_is_plain", lambda *_: False)
    assert repr(read(tmp_path, *lines)) == repr(quick)
    assert [replace(owner, rows=()) for owner in read(tmp_path, *lines)[0]] == [
        replace(owner, rows=()) for owner in quick[0]
    ]
    assert len(quick[0]) > 100


def test_a_password_shared_with_a_line_that_is_refused_is_shared_all_the_same(tmp_path: Path) -> None:
    owners, problems = read(
        tmp_path,
        line(mot_de_passe="Tulipe-4821", email="x"),
        line(identifiant="P2", mot_de_passe="Tulipe-4821"),
    )
    assert owners == []
    assert refusals(problems) == [(2, "email", "email_impossible"), (3, "mot_de_passe", "password_shared")]


@pytest.mark.parametrize(
    ("value", "formula"),
    [
        ("=cmd|' /C calc'!A0", True),
        ("@SUM(1+1)", True),
        ("-2+3+cmd|' /C calc'!A0", True),
        ("+33 6 11 22 33 44", False),
        ("+33(0)6.11", False),
        ("-12", False),
    ],
)
def test_what_a_spreadsheet_would_run_is_loaded_as_text_and_said(
    tmp_path: Path, value: str, formula: bool
) -> None:
    owners, problems = read(tmp_path, line(telephone=value))
    assert owners[0].phone == value
    assert [(problem.line, problem.column, problem.refused) for problem in problems] == (
        [(2, "telephone", False)] if formula else []
    )


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        with pytest.raises(OwnersFileError, match="ordinaire"):
            OwnersFile(tmp_path / "pipe")
    finally:
        os.close(writer)


def test_the_file_is_read_the_same_as_often_as_it_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text(
        "\n".join([HEADER, line(), line(identifiant="P2", email="x"), line(reference="B")]), "utf-8"
    )
    file = OwnersFile(path)
    assert file.survey() == 3
    assert repr(list(file.read())) == repr(list(file.read()))
