"""Sample records of the kinds of workers' rights, each under its theme: importing a module registers its factories."""

from rights.factories import congress, employment

__all__ = ["congress", "employment"]
