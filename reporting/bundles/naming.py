"""Names inside the ZIP: as people gave them, and harmless on whatever machine they are unpacked."""

import unicodedata
from pathlib import PurePosixPath

_FORBIDDEN = frozenset('<>:"/\\|?*')
#: Names Windows keeps for devices, with or without an ending.
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
#: Most file systems allow 255 bytes; three go into a Chinese character.
_LONGEST_BYTES = 200


def safe_name(name: str, *, fallback: str) -> str:
    """One name without folders, control or direction marks, reserved words or dangling dots."""
    kept = "".join(
        "_" if letter in _FORBIDDEN else letter
        for letter in unicodedata.normalize("NFC", name)
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ).strip(" .")
    if not kept.strip("_"):
        return fallback
    if kept.split(".")[0].upper() in _DEVICES:
        kept = f"_{kept}"
    return _shortened(kept)


def _shortened(name: str) -> str:
    """The beginning of a long name, with its ending."""
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > 20:
        ending = ""
    room = _LONGEST_BYTES - len(ending.encode())
    return name.removesuffix(ending).encode()[:room].decode(errors="ignore").rstrip(" .") + ending


class Names:
    """Gives every member of the archive a path of its own: ``照片.png``, then ``照片 (2).png``."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def path(self, folder: str, name: str) -> str:
        """The path for a safe name in a safe folder. Capitals make no difference on Windows, so not here either."""
        plain, number = PurePosixPath(name), 1
        path = f"{folder}/{name}" if folder else name
        while path.casefold() in self._taken:
            number += 1
            path = f"{folder}/{plain.stem} ({number}){plain.suffix}"
        self._taken.add(path.casefold())
        return path
