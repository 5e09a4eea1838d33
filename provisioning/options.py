"""Options that several commands have: the server and who we are, the realm, the agency, the language."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, get_args

import click

from .server.keycloak import Keycloak
from .server.settings import find_settings
from .server.target import Target
from .texts import Language, _, language_of, speak

P = ParamSpec("P")
R = TypeVar("R")


def with_keycloak(command: Callable[Concatenate[Keycloak, P], R]) -> Callable[P, R]:
    """Give a command the connection options, and the server they name as its first argument."""

    @click.option("--url", envvar="MONCOMPTE_URL", help="Address of Keycloak. Also: MONCOMPTE_URL.")
    @click.option(
        "--client-id", envvar="MONCOMPTE_CLIENT_ID", help="Client to sign in as. Also: MONCOMPTE_CLIENT_ID."
    )
    @click.option(
        "--client-secret-file",
        envvar="MONCOMPTE_CLIENT_SECRET_FILE",
        type=click.Path(path_type=Path),
        help="File with the client's secret. Also: MONCOMPTE_CLIENT_SECRET_FILE, or the secret itself in"
        " MONCOMPTE_CLIENT_SECRET.",
    )
    @click.option(
        "--client-realm",
        envvar="MONCOMPTE_CLIENT_REALM",
        help="Realm of the client: master (the default), or an agency's own. Also: MONCOMPTE_CLIENT_REALM.",
    )
    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> R:
        settings = find_settings(
            kwargs.pop("url"),
            kwargs.pop("client_id"),
            kwargs.pop("client_secret_file"),
            kwargs.pop("client_realm"),
        )
        return command(Keycloak(settings), *args, **kwargs)

    return wrapped


realm_option = click.option(
    "--realm",
    envvar="MONCOMPTE_REALM",
    default="moncompte",
    show_default=True,
    help="Realm of the agency. Also: MONCOMPTE_REALM.",
)


class AgencyCodes(click.ParamType[tuple[str, str]]):
    """`1001/01`: the codes client and societe."""

    name = "client/societe"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The two codes."""
        found = re.fullmatch(r"([A-Za-z0-9]{1,60})/([A-Za-z0-9]{1,60})", str(value))
        if found is None:
            self.fail(
                _("{value!r} is not the two codes of an agency, such as 1001/01.").format(value=value),
                param,
                ctx,
            )
        return found[1], found[2]


agency_option = click.option(
    "--agency", type=AgencyCodes(), required=True, help="The agency's codes, such as 1001/01."
)


def _speak(_context: click.Context, _parameter: click.Parameter, language: Language) -> None:
    """Everything is told in the command's language from here on."""
    speak(language)


lang_option = click.option(
    "--lang",
    callback=_speak,
    expose_value=False,
    is_eager=True,
    type=click.Choice(get_args(Language)),
    default=lambda: language_of(os.environ),
    show_default="by LANG, else fr",
    help="Language of what is said.",
)


def owner_command(
    name: str | None = None,
) -> Callable[[Callable[Concatenate[Keycloak, Target, P], R]], click.Command]:
    """A command about the owners of an agency: it gets the server and the agency as its first arguments.

    Adds the options of the agency, the realm, the language and the connection.
    """

    def decorated(function: Callable[Concatenate[Keycloak, Target, P], R]) -> click.Command:
        @agency_option
        @realm_option
        @lang_option
        @with_keycloak
        @functools.wraps(function)
        def wrapped(
            keycloak: Keycloak, /, *args: Any, agency: tuple[str, str], realm: str, **kwargs: Any
        ) -> R:
            return function(keycloak, Target(realm, *agency), *args, **kwargs)

        return click.command(name)(wrapped)

    return decorated


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def credentials_option(*, required: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """--credentials, of a command that gives an owner a new provisional password."""
    return click.option(
        "--credentials",
        required=required,
        type=click.Path(dir_okay=False, path_type=Path),
        help="File that the new provisional password is added to, before it is sent.",
    )
