"""Declarations of the kinds of workers' rights, each under its theme: importing a module registers its kinds."""

from rights.kinds import assessment, bargaining, congress, employment, newform, offices, pay, safety, voice

__all__ = ["assessment", "bargaining", "congress", "employment", "newform", "offices", "pay", "safety", "voice"]
