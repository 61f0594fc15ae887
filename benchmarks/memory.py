"""The most memory that this process ever held. Nothing else is imported here: imports are measured, too."""

import resource
import sys
from pathlib import Path

_MEBIBYTE = 1024 if sys.platform == "linux" else 1024 * 1024  # of what `getrusage` counts


def peak() -> float:
    """Return the most memory that this process ever held, in MiB."""
    try:
        # Linux counts for `getrusage` what the process that started this one held, too; not so here.
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEBIBYTE
