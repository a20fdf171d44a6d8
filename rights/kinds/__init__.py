"""Declarations of the kinds of workers' rights, each under its theme: importing a module registers its kinds."""

from rights.kinds import congress, employment

__all__ = ["congress", "employment"]
