"""What identifiers are compared by, in the command."""

import pytest

from provisioning.owners.identifiers import ByIdentifier, identifier_key, written_key
from tests.identifiers import EXAMPLES


@pytest.mark.parametrize(("identifier", "key"), EXAMPLES)
def test_spaces_dashes_dots_width_and_case_do_not_count(identifier: str, key: str) -> None:
    assert identifier_key(identifier) == key
    assert identifier_key(written_key(identifier)) == key
    assert identifier_key(key) == key


def test_as_it_is_written_an_identifier_keeps_its_signs() -> None:
    assert written_key(" É-1 ") == "é-1"


def test_the_one_so_written_counts_before_one_alike() -> None:
    found = ByIdentifier({"1-23": "Martin", "12-3": "Dupont", "p-00012": "Lefèvre"})
    assert [found.get(key) for key in ("1-23", "12-3", "123", "p00012", "p 00012", "p00013")] == [
        "Martin",
        "Dupont",
        None,
        "Lefèvre",
        "Lefèvre",
        None,
    ]
