"""The backup of docs/production.md, taken while the nodes run, put back, and used: nobody notices."""

import time
from pathlib import Path

from tests.integration.stage import PERSONAL, Stage, eventually
from tests.stack.figures import Figures
from tools.topology import Topology


def test_an_owner_activated_before_the_backup_signs_in_after_the_restore(
    topology: Topology, stage: Stage, tmp_path: Path, figures: Figures
) -> None:
    stage.activated("S1")
    start = time.monotonic()
    topology.database.back_up(tmp_path / "moncompte.dump")
    backed_up = time.monotonic() - start
    assert (tmp_path / "moncompte.dump").stat().st_mode & 0o077 == 0
    stage.activated("S2")  # too late for the backup: it has to be gone, or nothing was restored

    for node in topology.nodes:
        node.stop(40)
    start = time.monotonic()
    topology.database.restore(tmp_path / "moncompte.dump")
    restored = time.monotonic() - start
    topology.start_nodes()
    topology.proxy.wait_for({"n1", "n2"})

    eventually(lambda: stage.gets_in(stage.address("S1")), "the owner of the backup gets in")
    figures.count(1)
    assert not stage.gets_in(stage.address("S2"))
    stage.load("S2")  # the agency's file brings back what came after
    stage.begun(stage.browser(), "S2", password=PERSONAL)
    figures.notes.append(
        f"{backed_up:.1f} s to back up, {restored:.1f} s to restore, without the start of the nodes"
    )
