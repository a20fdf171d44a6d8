"""Kinds of workers' rights, each under its theme."""

from rights.models.congress import CongressForm, CongressSession, ProposedBy, SessionSort
from rights.models.employment import INSURED, Insurance, LabourContract, Relations

__all__ = [
    "INSURED",
    "CongressForm",
    "CongressSession",
    "Insurance",
    "LabourContract",
    "ProposedBy",
    "Relations",
    "SessionSort",
]
