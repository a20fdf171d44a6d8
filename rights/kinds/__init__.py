"""Declarations of the kinds of workers' rights, each under its theme: importing a module registers its kinds."""

from rights.kinds import congress, employment, safety

__all__ = ["congress", "employment", "safety"]
