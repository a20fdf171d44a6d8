"""Kinds of workers' rights, each under its theme."""

from rights.models.congress import CongressForm, CongressSession, ProposedBy, SessionSort

__all__ = ["CongressForm", "CongressSession", "ProposedBy", "SessionSort"]
