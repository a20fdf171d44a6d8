"""Kinds of workers' rights, each under its theme."""

from rights.models.assessment import AssessmentWay, RiskAssessment
from rights.models.congress import (
    CongressForm,
    CongressSession,
    CongressTopic,
    ProposedBy,
    SessionSort,
    TopicResult,
    TopicSort,
)
from rights.models.employment import INSURED, Insurance, LabourContract, Relations
from rights.models.lists import RiskGrade
from rights.models.offices import Inspection, LegalAid
from rights.models.safety import CampaignSubject, Hazard, Safety, SafetyCampaign

__all__ = [
    "INSURED",
    "AssessmentWay",
    "CampaignSubject",
    "CongressForm",
    "CongressSession",
    "CongressTopic",
    "Hazard",
    "Inspection",
    "Insurance",
    "LabourContract",
    "LegalAid",
    "ProposedBy",
    "Relations",
    "RiskAssessment",
    "RiskGrade",
    "Safety",
    "SafetyCampaign",
    "SessionSort",
    "TopicResult",
    "TopicSort",
]
