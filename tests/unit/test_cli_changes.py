"""How `plan` and `apply` show a field that differs."""

import pytest

from provisioning.realm.commands.changes import print_step
from provisioning.realm.steps import FieldChange, Step

Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, old: object, new: object) -> str:
    """The line of a field."""
    print_step(Step("settings", "r", "r", "change", (FieldChange("field", old, new),)), "change")
    return capsys.readouterr().out.splitlines()[1].strip()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (False, True, "field: false → true"),
        (None, "2026-01", "field: nothing → 2026-01"),
        (30, 10, "field: 30 → 10"),
        (["a"], [], "field: a → nothing"),
        (["01 02"], ["03 04"], "field: 01 02 → 03 04"),
        ({"a": True}, None, 'field: {"a": true} → nothing'),
        ("\x1b[2Jevil", "good", "field: �[2Jevil → good"),
    ],
)
def test_a_field_shows_what_it_was_and_what_it_will_be(
    capsys: Capture, old: object, new: object, line: str
) -> None:
    assert shown(capsys, old, new) == line


def test_of_two_lists_the_difference_shows(capsys: Capture) -> None:
    kept = [f"https://{number}.example.org/callback" for number in range(10)]
    line = shown(capsys, [*kept, "https://evil.example/*"], ["https://new.example.org/callback", *kept])
    assert line == "field: - https://evil.example/*, + https://new.example.org/callback"


def test_lists_that_differ_in_their_order_show_it(capsys: Capture) -> None:
    assert shown(capsys, ["a", "b"], ["b", "a"]) == "field: a, b → b, a"


def test_of_long_texts_the_part_that_differs_shows(capsys: Capture) -> None:
    same = "default-src 'none'; " * 20
    line = shown(capsys, f"{same}script-src *", f"{same}script-src 'self'")
    assert line.startswith("field: …")
    assert "script-src * → …" in line
    assert line.endswith("script-src 'self'")
    assert len(line) < 120
