"""The six workloads: each a definition, its leads, and the same decision written by hand in Python."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from benchmarks.embed.workload import Workload
from benchmarks.embed.workloads import handbook, many, quick_start, shared, static, windows

# By code; a workload is made when it is asked for, because the large ones take a moment.
WORKLOADS: Mapping[str, Callable[[], Workload]] = MappingProxyType(
    {
        "W1": static.workload,
        "W2": windows.workload,
        "W3": many.workload,
        "W4": shared.workload,
        "W5": handbook.workload,
        "W6": quick_start.workload,
    }
)
