"""The digest of an owner: of all that a load brings, and of nothing else."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from provisioning.owners.digests import digest_of
from provisioning.owners.file import Contract, Owner, OwnersFile

HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)
HELENE = (
    'P1;Tulipe-4821;Madame;"LEFÈVRE ""Hé\\l""";Hélène;Helene@exemple.fr;04 91 55 10 20;06 11 22 33 44;'
    "12 rue de l'Évêché;13002;Marseille 🏠;copropriétaire;COP-{};lot {}"
)


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    """An owner of two contracts, with characters that JSON escapes and others that it does not."""
    file = tmp_path / "owners.csv"
    file.write_text("\n".join([HEADER, HELENE.format(2, 7), HELENE.format(1, 3), ""]), encoding="utf-8")
    [owner] = OwnersFile(file).read()
    assert isinstance(owner, Owner)
    return owner


def test_it_is_made_of_what_the_server_stores(owner: Owner) -> None:
    contact = [
        *("1001/01", "P1", "Madame", 'LEFÈVRE "Hé\\l"', "Hélène", "Helene@exemple.fr", "04 91 55 10 20"),
        *("06 11 22 33 44", "12 rue de l'Évêché", "13002", "Marseille 🏠"),
    ]
    contracts = [
        {"agency": "1001/01", "identifier": "P1", "reference": reference, "role": role, "address": address}
        for reference, role, address in (
            ("COP-1", "copropriétaire", "lot 3"),
            ("COP-2", "copropriétaire", "lot 7"),
        )
    ]
    stored = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in (contact, *contracts)]
    text = "\0".join(['LEFÈVRE "Hé\\l"', "Hélène", "helene@exemple.fr", *stored])
    assert digest_of(owner, "1001/01") == sha256(text.encode()).hexdigest()[:32]


@pytest.mark.parametrize(
    "field",
    [
        *("identifier", "civility", "last_name", "first_name", "email", "phone", "mobile", "address"),
        *("postal_code", "city"),
    ],
)
def test_any_other_value_makes_another(owner: Owner, field: str) -> None:
    before = digest_of(owner, "1001/01")
    value = getattr(owner, field)
    for other in ("", value + " ", value + '"', value + '","'):
        assert digest_of(Owner(**owner._asdict() | {field: other}), "1001/01") != before


def test_another_contract_makes_another_and_their_order_does_not(owner: Owner) -> None:
    before = digest_of(owner, "1001/01")
    first, second = owner.contracts
    assert digest_of(owner._replace(contracts=(second, first)), "1001/01") == before
    others = [
        (first,),
        (first, second, Contract("COP-3", "locataire", "")),
        *[(first, second._replace(**{field: "x"})) for field in Contract._fields],
    ]
    assert len({before, *[digest_of(owner._replace(contracts=one), "1001/01") for one in others]}) == 6


def test_the_password_does_not_count(owner: Owner) -> None:
    assert digest_of(owner._replace(password=None, rows=()), "1001/01") == digest_of(owner, "1001/01")


def test_another_agency_makes_another(owner: Owner) -> None:
    assert digest_of(owner, "1001/02") != digest_of(owner, "1001/01")
