"""What the operator declares for the stack: the samples' manifest, at the addresses of the stack."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tools.stack.layout import SAMPLES

_DEMO_EXTRANET = "http://localhost:8000"


def write_manifest(file: Path, *, smtp: tuple[str, int], extranet_url: str, secret_file: Path) -> None:
    """Writes samples/moncompte.yaml to `file` with another mailbox and another Extranet in it.

    smtp         host and port of the mailbox, as the nodes reach it
    secret_file  where `moncompte apply` is to write the Extranet's secret
    """
    yaml = YAML()
    manifest: dict[str, Any] = yaml.load(SAMPLES / "moncompte.yaml")
    for realm in manifest["realms"]:
        realm["mail"] |= {"host": smtp[0], "port": smtp[1]}
    for agency in manifest["agencies"]:
        if "logo" in agency:  # relative to the file it stands in
            agency["logo"] = str(SAMPLES / agency["logo"])
    extranet = _at(manifest["applications"][0], extranet_url)
    extranet["secret_file"] = str(secret_file)
    manifest["applications"] = [extranet]
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(manifest, stream)


def _at(value: Any, address: str) -> Any:
    """The same with the demo's Extranet replaced, wherever it stands."""
    if isinstance(value, dict):
        return {key: _at(of, address) for key, of in value.items()}
    if isinstance(value, list):
        return [_at(one, address) for one in value]
    if isinstance(value, str) and value.startswith(_DEMO_EXTRANET):
        return address + value.removeprefix(_DEMO_EXTRANET)
    return value
