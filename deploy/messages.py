"""What the command line says: one line each, Chinese first."""

import sys


class Stop(Exception):
    """The command cannot go on. Holds the reason and the cure in both languages, on one line."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"错误：{chinese} / Error: {english}")


def say(text: str) -> None:
    """Print one line now, also when the output is a pipe."""
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
