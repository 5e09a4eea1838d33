"""The codes of an agency, as a command's option takes them."""

from __future__ import annotations

import re

import click


class AgencyCodes(click.ParamType[tuple[str, str]]):
    """`1001/01`: the codes client and societe."""

    name = "client/societe"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The two codes."""
        found = re.fullmatch(r"([A-Za-z0-9]{1,60})/([A-Za-z0-9]{1,60})", str(value))
        if found is None:
            self.fail(f"{value!r} is not the two codes of an agency, such as 1001/01.", param, ctx)
        return found[1], found[2]


agency_option = click.option(
    "--agency", type=AgencyCodes(), required=True, help="The agency's codes, such as 1001/01."
)
