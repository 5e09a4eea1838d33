"""What `pip install` brings: the command and what it uses, nothing of the tests, tools or the Extranet."""

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
# Of the Extranet, the mailbox, the certificates of `make stack` and the tests.
NOT_OF_THE_COMMAND = {"aiosmtpd", "authlib", "babel", "flask", "playwright", "pytest", "trustme", "waitress"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: setuptools takes what an earlier build has left beside the sources."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy2(ROOT / name, copy)
    for name in ("provisioning", "extranet", "tools"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", made, copy], check=True)
    [file] = made.iterdir()
    return file


def test_only_the_command_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    folders = {name.partition("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"provisioning"}
    for texts in (ROOT / "provisioning").rglob("*.po"):
        assert str(texts.relative_to(ROOT).with_suffix(".mo")) in names


def test_the_command_runs_where_nothing_else_is_installed(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    pip: list[str | Path] = [*PIP, "--python", programs / "python"]
    subprocess.run([*pip, "install", "--quiet", "-c", ROOT / "constraints.txt", wheel], check=True)
    listed = subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True).stdout
    installed = {package["name"].lower() for package in json.loads(listed)}
    assert "moncompte" in installed
    assert installed.isdisjoint(NOT_OF_THE_COMMAND)
    shown = subprocess.run([programs / "moncompte", "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "owners" in shown.stdout
