"""What the host of a virtual machine takes away from it: cores that were wanted, and were given to a neighbour."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

_STAT = Path("/proc/stat")
_USER, _NICE, _SYSTEM, _IDLE, _WAITING, _IRQ, _SOFT_IRQ, _STOLEN = range(8)


@dataclass(frozen=True)
class CoreTime:
    """Ticks since the machine started, of all cores together (proc(5), `/proc/stat`)."""

    busy: int
    stolen: int

    @classmethod
    def now(cls) -> Self | None:
        """None where the system doesn't say."""
        if not _STAT.is_file():
            return None
        ticks = [int(word) for word in _STAT.read_text().split("\n", 1)[0].split()[1:]]
        return cls(sum(ticks[kind] for kind in (_USER, _NICE, _SYSTEM, _IRQ, _SOFT_IRQ)), ticks[_STOLEN])


def stolen_share(began: CoreTime | None, ended: CoreTime | None) -> float | None:
    """Of the time for which the machine wanted its cores between the two, the share in which it didn't get them."""
    if began is None or ended is None:
        return None
    busy, stolen = ended.busy - began.busy, ended.stolen - began.stolen
    return round(stolen / max(1, busy + stolen), 3)
