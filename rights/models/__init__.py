"""Kinds of workers' rights, each under its theme."""

from rights.models.congress import CongressForm, CongressSession, ProposedBy, SessionSort
from rights.models.employment import INSURED, Insurance, LabourContract, Relations
from rights.models.safety import CampaignSubject, Hazard, Safety, SafetyCampaign

__all__ = [
    "INSURED",
    "CampaignSubject",
    "CongressForm",
    "CongressSession",
    "Hazard",
    "Insurance",
    "LabourContract",
    "ProposedBy",
    "Relations",
    "Safety",
    "SafetyCampaign",
    "SessionSort",
]
