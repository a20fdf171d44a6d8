"""Kinds of workers' skills, each under its theme."""

from skills.models.education import Degree, Fusion, FusionStatus, Matching, MatchingForm, SchoolEvaluation, Vocational
from skills.models.funds import Spending, SpendingPurpose, TrainingFund
from skills.models.levels import (
    AssessmentWay,
    Certificates,
    Crossing,
    Evaluation,
    Ladder,
    SkillLevel,
    Standard,
    StandardLevel,
    StandardRole,
)
from skills.models.training import Apprentice, Programme, SchoolClass, SchoolClassMode, SchoolClassStep, TrainingClass

__all__ = [
    "Apprentice",
    "AssessmentWay",
    "Certificates",
    "Crossing",
    "Degree",
    "Evaluation",
    "Fusion",
    "FusionStatus",
    "Ladder",
    "Matching",
    "MatchingForm",
    "Programme",
    "SchoolClass",
    "SchoolClassMode",
    "SchoolClassStep",
    "SchoolEvaluation",
    "SkillLevel",
    "Spending",
    "SpendingPurpose",
    "Standard",
    "StandardLevel",
    "StandardRole",
    "TrainingClass",
    "TrainingFund",
    "Vocational",
]
