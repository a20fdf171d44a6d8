"""Declarations of the kinds of workers' rights, each under its theme: importing a module registers its kinds."""

from rights.kinds import assessment, congress, employment, offices, safety

__all__ = ["assessment", "congress", "employment", "offices", "safety"]
