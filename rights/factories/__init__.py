"""Sample records of the kinds of workers' rights, each under its theme: importing a module registers its factories."""

from rights.factories import assessment, congress, employment, offices, safety

__all__ = ["assessment", "congress", "employment", "offices", "safety"]
