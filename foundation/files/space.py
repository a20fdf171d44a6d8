"""How much room is left where the portal writes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

#: Below this nothing is certain to be written whole: SQLite's log and one upload need more.
FULL_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True)
class Space:
    """The tightest of the disks that hold the portal's data."""

    folder: Path
    free: int

    @property
    def is_full(self) -> bool:
        return self.free < FULL_BYTES

    @property
    def is_low(self) -> bool:
        return self.free < settings.LOW_DISK_BYTES


def space_left() -> Space:
    """Of the data folder and of the folder of uploaded files, whichever has less. A folder that is gone has none."""
    folders = {Path(settings.VAR_DIR), Path(settings.MEDIA_ROOT)}
    return min((Space(folder, _free(folder)) for folder in folders), key=lambda space: space.free)


def _free(folder: Path) -> int:
    existing = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return shutil.disk_usage(existing).free
