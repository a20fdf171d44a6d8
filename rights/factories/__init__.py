"""Sample records of the kinds of workers' rights, each under its theme: importing a module registers its factories."""

from rights.factories import congress, employment, safety

__all__ = ["congress", "employment", "safety"]
