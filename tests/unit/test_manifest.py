"""The manifest: the samples are accepted, and every mistake is named with its line, all at once."""

import re
from pathlib import Path

import pytest

from provisioning.errors import ManifestError, ManifestProblem
from provisioning.realm.manifest import Manifest, load, seconds

SAMPLE = Path(__file__).parents[2] / "samples" / "moncompte.yaml"

SMALL = """\
realms:
  - name: moncompte
    display_name: Mon compte
    mail: {host: localhost, port: 1025, from: a@b.example}
    terms: {version: "1", terms_url: https://a.example/t, privacy_url: https://a.example/p}
agencies:
  - client: "1001"
    societe: "01"
    name: Vieux-Port
applications:
  - client_id: extranet
    name: Extranet
    type: confidential
    redirect_uris: [http://localhost:8000/callback]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "moncompte.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> tuple[ManifestProblem, ...]:
    with pytest.raises(ManifestError) as caught:
        load(write(tmp_path, text))
    return caught.value.problems


def only_problem(tmp_path: Path, old: str, new: str) -> ManifestProblem:
    assert old in SMALL
    (problem,) = problems(tmp_path, SMALL.replace(old, new, 1))
    return problem


def small(tmp_path: Path, extra: str = "") -> Manifest:
    return load(write(tmp_path, SMALL + extra))


def test_the_sample_is_accepted_and_every_key_of_it_read() -> None:
    manifest = load(SAMPLE)
    realm = manifest.realms[0]
    assert realm.lifetimes.provisional == 30 * 86400
    assert realm.lifetimes.dispute_link == 30 * 86400
    assert realm.limits.per_source == 1000
    assert [agency.codes for agency in manifest.agencies] == ["1001/01", "1001/02", "2002/01", "3003/01"]
    assert manifest.applications[0].secret_file == "../.demo/extranet-secret"


def test_every_commented_key_of_the_sample_is_accepted_when_uncommented(tmp_path: Path) -> None:
    (tmp_path / "logos").symlink_to(SAMPLE.parent / "logos")
    text = SAMPLE.read_text(encoding="utf-8")
    for key in (
        "tls",
        "user",
        "password_env",
        "blocklist",
        "passkeys",
        "max_length",
        "not_email",
        "not_username",
        "not_contains_username",
        "password_history",
        "password_age",
        "regex_pattern",
        "time_zone",
        "colours",
        "enabled",
        "agencies",
    ):
        text = text.replace(f"# {key}: ", f"{key}: ")
    manifest = load(write(tmp_path, text))
    assert manifest.realms[0].mail.tls == "starttls"
    assert manifest.realms[0].blocklist == "moncompte-fr.bloom"
    assert manifest.realms[0].passkeys is False
    policy = manifest.realms[0].password_policy
    assert (policy.max_length, policy.password_history, policy.password_age) == (128, 3, 365)
    assert [policy.not_email, policy.not_username, policy.not_contains_username] == [True, True, True]
    assert policy.regex_pattern is not None
    assert policy.regex_pattern.fr == "Sans espace au début ni à la fin"
    assert manifest.agencies[2].colours.action == "#b84a00"
    assert manifest.applications[0].agencies == ["1001/01"]


def test_a_manifest_with_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load(path).realms[0].name == "moncompte"


def test_five_mistakes_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    text = (
        SMALL.replace("display_name", "displayname")
        .replace("port: 1025", "port: 70000")
        .replace('client: "1001"', "client: 1001")
        .replace("type: confidential", "type: confidentail")
        .replace("callback]", "callback/*]")
    )
    found = {(problem.line, problem.key) for problem in problems(tmp_path, text)}
    assert found == {
        (3, "realms[0].displayname"),
        (4, "realms[0].mail.port"),
        (7, "agencies[0].client"),
        (13, "applications[0].type"),
        (14, "applications[0].redirect_uris[0]"),
    }


def test_an_error_says_file_line_key_and_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        load(write(tmp_path, SMALL.replace("https://a.example/t", "http://a.example/t")))
    assert str(caught.value) == (
        f"{tmp_path}/moncompte.yaml:5: realms[0].terms.terms_url: expected an address that starts with"
        f" https://"
    )


def test_an_unknown_key_suggests_the_one_that_was_meant(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    societe: ", "    help_ulr: https://a.example\n    societe: ")
    assert (problem.line, problem.expected) == (8, "unknown key; did you mean help_url?")


def test_a_needed_key_that_is_misspelt_is_one_mistake(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    name: Vieux-Port", "    nam: Vieux-Port")
    assert (problem.key, problem.expected) == ("agencies[0].nam", "unknown key; did you mean name?")


def test_a_missing_key_is_told_on_the_line_of_what_should_hold_it(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    name: Vieux-Port\n", "")
    assert (problem.line, problem.key) == (7, "agencies[0].name")
    assert "missing" in problem.expected


def test_codes_without_quotes_are_asked_for_in_quotes(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, 'societe: "01"', "societe: 01")
    assert problem.expected == 'expected a text: write it in quotes, such as "01"'


@pytest.mark.parametrize("code", ["10-01", "10 01", "10/01", "é", "", "a" * 61])
def test_codes_are_letters_and_digits_only(tmp_path: Path, code: str) -> None:
    problem = only_problem(tmp_path, '"1001"', f'"{code}"')
    assert problem.key == "agencies[0].client"


def test_two_agencies_whose_codes_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    text = SMALL.replace('"1001"', '"AB"').replace(
        "applications:", '  - client: "ab"\n    societe: "01"\n    name: Autre\napplications:'
    )
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.key) == (10, "agencies[1].client")


def test_a_key_twice_in_the_yaml_is_an_error_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SMALL.replace("    name: Vieux-Port", "    name: A\n    name: B"))
    assert problem.line == 10


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("    name: [A", "brackets"),
        ('    name: "A', "quotes"),
        ("   name: A", "indentation"),
        ("\tname: A", "spaces, not tabs"),
    ],
)
def test_yaml_that_cannot_be_read_is_an_error_with_its_line_and_what_to_look_for(
    tmp_path: Path, written: str, hint: str
) -> None:
    (problem,) = problems(tmp_path, SMALL.replace("    name: Vieux-Port", written))
    assert problem.line >= 9
    assert "not readable as YAML" in problem.expected
    assert hint in problem.expected


def test_an_asterisk_without_quotes_is_explained(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "name: Vieux-Port", "name: *Vieux")
    assert (problem.line, "quotes" in problem.expected) == (9, True)


@pytest.mark.parametrize(
    "text", ["", "[]", "just a text", "realms: 1", "realms: []", "realms:\n  - 1\n", "a: &a [*a]"]
)
def test_a_document_of_another_shape_is_an_error_not_a_trace(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_bytes_that_are_not_utf8_are_an_error_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(SMALL.replace("Vieux-Port", "Lefèvre").encode("cp1252"))
    with pytest.raises(ManifestError) as caught:
        load(path)
    assert caught.value.problems[0].line == 9


def test_a_missing_file_is_an_error_not_a_trace(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no such file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("written", "expected"), [("60s", 60), ("15m", 900), ("24h", 86400), ("30d", 2592000), ("1h", 3600)]
)
def test_durations_become_seconds(written: str, expected: int) -> None:
    assert seconds(written) == expected


@pytest.mark.parametrize("written", ["", "0s", "30", 30, "1w", "-1h", "1.5h", " 1h", "1H", None, "99999999d"])
def test_other_durations_are_refused(written: object) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        seconds(written)


POLICY = "    password_policy:\n      %s\n    terms:"
PATTERN = "regex_pattern: {regex: '%s', fr: Sans espace, en: No space}"


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ("max_length: 63", "max_length", "expected at least 64"),
        ("max_length: 1025", "max_length", "expected at most 1024"),
        ("length: 65", "length", "expected at most 64"),
        ("not_email: 1", "not_email", "expected true or false"),
        ("password_history: many", "password_history", "expected a whole number"),
        ("password_age: -1", "password_age", "expected at least 0"),
        ("history: 3", "history", "unknown key; did you mean password_history?"),
        (PATTERN % "[a-z", "regex_pattern.regex", "not a regular expression: unterminated character set"),
        (PATTERN % "this and that", "regex_pattern.regex", 'expected a regular expression without " and "'),
        (PATTERN % "", "regex_pattern.regex", "expected a text that is not empty"),
        ("regex_pattern: {regex: 'x', fr: Un x}", "regex_pattern", "expected en: the sentence"),
        ("regex_pattern: {regex: 'x', fr: a, en: b, de: c}", "regex_pattern.de", "unknown key"),
    ],
)
def test_a_policy_that_cannot_be_is_named_with_its_line(
    tmp_path: Path, line: str, key: str, expected: str
) -> None:
    (problem, *_) = problems(tmp_path, SMALL.replace("    terms:", POLICY % line, 1))
    assert (problem.line, problem.key) == (6, f"realms[0].password_policy.{key}")
    assert problem.expected.startswith(expected)


@pytest.mark.parametrize("regex", [r"\p{Lu}.*", r"(?i)[a-z&&[^b]]+", "[^ ]++", r".*\d{2,}.*"])
def test_a_pattern_may_be_in_java_s_syntax(tmp_path: Path, regex: str) -> None:
    manifest = load(write(tmp_path, SMALL.replace("    terms:", POLICY % (PATTERN % regex), 1)))
    pattern = manifest.realms[0].password_policy.regex_pattern
    assert pattern is not None
    assert pattern.regex == regex


def test_a_pattern_needs_no_sentence_in_a_language_the_realm_has_not(tmp_path: Path) -> None:
    policy = POLICY % "regex_pattern: {regex: 'x', fr: Un x}"
    load(
        write(
            tmp_path,
            SMALL.replace("    terms:", policy.replace("    terms", "    languages: [fr]\n    terms"), 1),
        )
    )


def test_common_passwords_are_refused_unless_the_operator_says_otherwise(tmp_path: Path) -> None:
    assert small(tmp_path).realms[0].blocklist == "moncompte-fr.bloom"
    text = SMALL.replace("    terms:", "    blocklist: none\n    terms:")
    assert load(write(tmp_path, text)).realms[0].blocklist == "none"
    assert (
        "without a path" in only_problem(tmp_path, "    terms:", "    blocklist: ../x\n    terms:").expected
    )


def test_a_reset_link_lives_24_hours_at_most(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    terms:", "    lifetimes: {reset_link: 25h}\n    terms:")
    assert problem.expected == "expected at most 24h (CNIL 2022-100)"


@pytest.mark.parametrize(
    "uri",
    [
        "https://*.example.org/cb",
        "http://app.example.org/cb",
        "http://localhost.evil.example/cb",
        "https://user:secret@app.example.org/cb",
        "https://app.example.org/cb#part",
        "javascript:alert(1)",
        "//app.example.org/cb",
        "https://",
        "https://app.example.org:port/",
        "https://a b.example/",
    ],
)
def test_redirect_uris_are_exact_and_https_unless_local(tmp_path: Path, uri: str) -> None:
    problem = only_problem(tmp_path, "[http://localhost:8000/callback]", f'["{uri}"]')
    assert problem.key == "applications[0].redirect_uris[0]"


@pytest.mark.parametrize(
    "uri", ["http://localhost:1/x", "http://127.0.0.1/x", "http://[::1]:8000/x", "https://a.example/x"]
)
def test_redirect_uris_on_this_machine_may_be_http(tmp_path: Path, uri: str) -> None:
    assert load(write(tmp_path, SMALL.replace("http://localhost:8000/callback", f'"{uri}"')))


def test_help_pages_are_https_even_on_this_machine(tmp_path: Path) -> None:
    problem = only_problem(
        tmp_path, "    name: Vieux", "    help_url: http://localhost/aide\n    name: Vieux"
    )
    assert problem.key == "agencies[0].help_url"


def test_an_attribute_longer_than_255_characters_is_refused(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "Vieux-Port", "x" * 256)
    assert problem.expected == "expected at most 255 characters, found 256"


def test_a_mail_user_without_its_password_is_refused(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "port: 1025", "port: 1025, user: u")
    assert "password_env is missing" in problem.expected


def test_an_agency_in_a_realm_nobody_declared_gets_a_suggestion(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    name: Vieux", "    realm: moncomte\n    name: Vieux")
    assert problem.expected == "no realm moncomte is declared; did you mean moncompte?"


def test_an_isolated_agency_cannot_name_the_shared_realm(tmp_path: Path) -> None:
    text = SMALL.replace(
        "applications:",
        '  - {client: "2", societe: "1", name: B, isolation: realm, realm: moncompte}\napplications:',
    )
    (problem,) = problems(tmp_path, text)
    assert "a realm of its own" in problem.expected


def test_isolated_agencies_get_a_realm_named_after_their_codes_or_the_one_they_name(tmp_path: Path) -> None:
    text = SMALL.replace(
        "applications:",
        '  - {client: "AB", societe: "1", name: B, isolation: realm}\n'
        '  - {client: "3", societe: "1", name: C, isolation: realm, realm: group}\n'
        '  - {client: "3", societe: "2", name: D, isolation: realm, realm: group}\n'
        "applications:",
    )
    manifest = load(write(tmp_path, text))
    assert [realm.name for realm in manifest.all_realms()] == ["moncompte", "moncompte-ab-1", "group"]
    assert [agency.codes for agency in manifest.agencies_of("group")] == ["3/1", "3/2"]


@pytest.mark.parametrize("section", ["realms", "agencies"])
def test_a_colour_that_cannot_be_read_is_named_with_its_line_and_its_contrast(
    tmp_path: Path, section: str
) -> None:
    colours = '    colours:\n      primary: "#1d3557"\n      action: "#ff9d5c"\n'
    before, found, after = SMALL.partition(f"{section}:\n")
    first, line, rest = after.partition("\n")
    text = before + found + first + line + colours + rest
    (problem,) = problems(tmp_path, text)
    assert problem.line == text.splitlines().index('      action: "#ff9d5c"') + 1
    assert problem.key == f"{section}[0].colours.action"
    assert "at least 4.5" in problem.expected
    assert "found 2.05" in problem.expected


def test_an_application_of_unknown_agencies_is_refused(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    type:", "    agencies: [1001/02]\n    type:")
    assert problem.key == "applications[0].agencies[0]"
    assert "did you mean 1001/01?" in problem.expected


def test_an_application_lives_in_the_realms_of_its_agencies_only(tmp_path: Path) -> None:
    text = SMALL.replace(
        "applications:", '  - {client: "2", societe: "1", name: B, isolation: realm}\napplications:'
    ).replace("    type:", "    agencies: [1001/01]\n    type:")
    manifest = load(write(tmp_path, text))
    assert [application.client_id for application in manifest.applications_of("moncompte")] == ["extranet"]
    assert manifest.applications_of("moncompte-2-1") == []


@pytest.mark.parametrize("name", ["admin-cli", "account", "realm-management"])
def test_an_application_cannot_take_the_place_of_a_client_of_keycloak(tmp_path: Path, name: str) -> None:
    assert only_problem(tmp_path, "client_id: extranet", f"client_id: {name}").line == 11


def test_a_public_application_has_no_secret_file(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "type: confidential", "type: public\n    secret_file: x")
    assert problem.line == 14


def test_tokens_are_shown_to_declared_applications_only(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, "    type:", "    audiences: [extranet, service]\n    type:")
    assert problem.key == "applications[0].audiences[1]"
    assert "no application service is declared" in str(problem)


def test_the_oauth_2_1_profile_is_for_public_applications_on_https(tmp_path: Path) -> None:
    profiled = SMALL.replace("    type:", "    profile: oauth-2-1\n    type:")
    on_https = re.sub(r"redirect_uris: .*", "redirect_uris: [https://app.example/callback]", profiled)
    assert load(write(tmp_path, on_https.replace("type: confidential", "type: public")))
    for wrong, key in (
        (on_https, "applications[0].profile"),
        (profiled.replace("type: confidential", "type: public"), "applications[0].redirect_uris[0]"),
    ):
        with pytest.raises(ManifestError) as error:
            load(write(tmp_path, wrong))
        assert [problem.key for problem in error.value.problems] == [key]


KEYS = '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}'
FAPI = re.sub(
    r"redirect_uris: .*",
    "redirect_uris: [https://app.example/callback]\n    profile: fapi-2",
    SMALL,
)


def test_the_fapi_2_profile_is_for_confidential_applications_with_a_key_on_https(tmp_path: Path) -> None:
    key = "    jwks_url: https://app.example/jwks.json\n"
    assert load(write(tmp_path, FAPI + key)).applications[0].jwks_url == "https://app.example/jwks.json"
    for wrong, where in (
        (FAPI, "applications[0].profile"),
        (FAPI + key + "    jwks_file: keys.json\n", "applications[0].profile"),
        (FAPI.replace("confidential", "public") + key, "applications[0].profile"),
        (FAPI + key + "    secret_file: x\n", "applications[0].secret_file"),
        (FAPI + key + "    url: http://localhost:1/\n", "applications[0].url"),
        (FAPI.replace("https://app.example", "http://localhost:1") + key, "applications[0].redirect_uris[0]"),
        (SMALL + key, "applications[0].jwks_url"),
    ):
        (tmp_path / "keys.json").write_text(KEYS)
        assert [problem.key for problem in problems(tmp_path, wrong)] == [where], wrong


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot read"),
        ("no json", "expected a JSON Web Key Set"),
        ("[" * 16_000, "expected a JSON Web Key Set"),
        ('{"keys": []}', "expected a JSON Web Key Set"),
        (KEYS.replace('"e"', '"d"'), "holds a private one"),
        ('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "holds a private one"),
        (" " * 20_000, "at most 16 KB"),
    ],
)
def test_a_file_of_keys_holds_public_ones(tmp_path: Path, content: str | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "keys.json").write_text(content)
    (problem,) = problems(tmp_path, FAPI + "    jwks_file: keys.json\n")
    assert problem.key == "applications[0].jwks_file"
    assert expected in problem.expected


def test_owners_live_in_a_time_zone_that_there_is(tmp_path: Path) -> None:
    assert small(tmp_path).realms[0].time_zone == "Europe/Paris"
    for name in ("UTC", "Indian/Reunion"):
        text = SMALL.replace("    terms:", f"    time_zone: {name}\n    terms:", 1)
        assert load(write(tmp_path, text)).realms[0].time_zone == name


# The server's Java knows none of the last ones.
@pytest.mark.parametrize(
    "name", ["Europe/Lyon", "Europe", "localtime", "Factory", "EST", "right/Europe/Paris"]
)
def test_a_time_zone_that_there_is_not_is_refused(tmp_path: Path, name: str) -> None:
    problem = only_problem(tmp_path, "    terms:", f"    time_zone: {name}\n    terms:")
    assert problem.key == "realms[0].time_zone"
    assert "Indian/Reunion" in problem.expected


def test_the_realm_master_is_left_alone(tmp_path: Path) -> None:
    assert only_problem(tmp_path, "name: moncompte", "name: Master").key == "realms[0].name"


# ---- manifests that would keep the command busy


def nested(kind: str, levels: int = 12) -> str:
    """A few lines whose aliases stand for 9 ** levels values; `kind` is how one stands in the next."""
    lines = ["x0: &x0 {k: v}"]
    for level in range(1, levels):
        inside = ", ".join([f"*x{level - 1}"] * 9)
        lines.append(f"x{level}: &x{level} " + kind % inside)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (nested("[%s]"), 6, "the alias *x4 makes more than 50000 repeated values: write fewer aliases"),
        (nested("{<<: [%s]}"), 6, "the alias *x4 makes more than"),
        (nested("[{a: [%s]}]"), 6, "the alias *x4 makes more than"),
        ("x: &x [a]\n" + "y: [" + "*x, " * 40_000 + "]\n", 2, "the alias *x makes more than"),
        (
            "x0: &x0 []\n" + "".join(f"x{n}: &x{n} [*x{n - 1}]\n" for n in range(1, 500)),
            32,
            "more than 32 levels",
        ),
        ("realms: &r [*r]\n", 1, "the alias *r refers to itself"),
        ("realms:\n  a: &r\n    <<: *r\n", 3, "the alias *r refers to itself"),
        ("a: &a\n  ? *a\n  : x\n", 2, "the alias *a refers to itself"),
        ("a: &a [1]\n? [*a]\n: x\n", 1, "not readable as YAML"),
        ("[" * 3000 + "]" * 3000, 1, "more than 32 levels"),
        ("".join(" " * n + "a:\n" for n in range(1000)), 32, "more than 32 levels"),
        ("- " * 3000, 1, "more than 32 levels"),
        ("realms: " + "x" * 3_000_000, 1, "larger than 2 MB"),
        ("realms: |\n" + "  x\n" * 800_000, 1, "larger than 2 MB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_manifest_that_holds_too_much_is_refused(tmp_path: Path, text: str, line: int, said: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.line == line
    assert said in problem.expected


def test_a_value_written_once_for_a_thousand_agencies_is_fine(tmp_path: Path) -> None:
    colours = "colours: &c {primary: '#1d3557'}"
    text = SMALL.replace("    name: Vieux-Port", f"    name: Vieux-Port\n    {colours}")
    agencies = "".join(f'  - {{client: "9{n}", societe: "01", name: A, colours: *c}}\n' for n in range(1000))
    assert (
        len(load(write(tmp_path, text.replace("applications:", agencies + "applications:"))).agencies) == 1001
    )
