"""docs/trail.md: the way to verify by hand that it prints works as it is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from lookup.audit_log import AuditLog, Draft, EntryType, create_trail
from lookup.trail.integrator import Integrator

DOCUMENT = Path(__file__).parents[2] / "docs" / "trail.md"


def test_the_root_made_by_hand_is_that_of_the_checkpoint(tmp_path: Path) -> None:
    files = create_trail(tmp_path, "trail.example/2026", months_ahead=0)
    log = AuditLog(files)
    log.append([Draft(EntryType.QUERY, {"n": n}, datetime.now(UTC)) for n in range(20)])
    integrator = Integrator(files)
    integrator.round()
    integrator.close()
    log.close()
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    made = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert made.stdout.splitlines() == files.checkpoint.read_text(encoding="utf-8").splitlines()[1:3]
