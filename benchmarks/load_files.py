"""Files of owners as agency software writes them: every name and address its own, the same at each run."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)
_NAMES = ("LEFÈVRE", "MARTIN", "D'ANGELO", "DUPONT-MOREAU", "NGUYEN", "GARCÍA", "BENALI", "SCI LES TILLEULS")
_FIRST_NAMES = ("Hélène", "Jean-Noël", "Fatima", "Éric", "Anne-Sophie", "Luc", "Zoé", "")
_STREETS = ("rue de l'Évêché", "avenue du Maréchal-Foch", "impasse des Lilas", "cours Jean-Ballard")
_CITIES = (("13002", "Marseille"), ("44000", "Nantes"), ("69003", "Lyon"), ("06560", "Sophia-Antipolis"))
_ROLES = ("copropriétaire", "propriétaire", "locataire")


@dataclass(frozen=True)
class LoadFile:
    """A file of owners; each tenth has two contracts, on two lines.

    lines   of each owner, without the header
    """

    path: Path
    lines: tuple[tuple[str, ...], ...]

    @property
    def owners(self) -> int:
        """How many owners there are."""
        return len(self.lines)

    def first(self, owners: int) -> LoadFile:
        """The first owners, in a file of their own."""
        return _written(self.path.with_suffix(f".{owners}.csv"), self.lines[:owners])

    def changed(self, run: int, *, every: int = 1) -> LoadFile:
        """The same owners; every n-th has another mobile number, its own in each run (0 to 9)."""
        lines = tuple(
            tuple(re.sub(r";06 \d", f";06 {run}", line) for line in of_owner)
            if number % every == 0
            else of_owner
            for number, of_owner in enumerate(self.lines)
        )
        return _written(self.path.with_suffix(f".changed-{run}.csv"), lines)


def write_owners(path: Path, owners: int, *, prefix: str = "P", chosen_passwords: bool = False) -> LoadFile:
    """A file of owners, made up, as many as asked."""
    chance = random.Random(20_260_101)
    return _written(path, tuple(_lines(chance, f"{prefix}{n:07}", chosen_passwords) for n in range(owners)))


def _written(path: Path, lines: tuple[tuple[str, ...], ...]) -> LoadFile:
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(HEADER + "\n")
        for of_owner in lines:
            file.writelines(line + "\n" for line in of_owner)
    return LoadFile(path, lines)


def _lines(chance: random.Random, identifier: str, chosen: bool) -> tuple[str, ...]:
    name, first_name = chance.choice(_NAMES), chance.choice(_FIRST_NAMES)
    number, street = chance.randrange(1, 200), chance.choice(_STREETS)
    postal_code, city = chance.choice(_CITIES)
    password = f"Tulipe-{chance.randrange(10**9):09}" if chosen else ""
    owner = (
        f"{identifier};{password};Madame;{name};{first_name};{identifier.lower()}@exemple.fr;"
        f"04 {chance.randrange(10**8):08};06 {chance.randrange(10**8):08};"
        f"{number} {street};{postal_code};{city}"
    )
    contracts = 2 if chance.randrange(10) == 0 else 1
    return tuple(
        f"{owner};{chance.choice(_ROLES)};COP-{identifier[1:]}-{lot};{number} {street}, lot {lot}"
        for lot in range(1, contracts + 1)
    )
