"""Kinds of workers' skills, each under its theme."""

from skills.models.education import Degree, Fusion, FusionStatus, Matching, MatchingForm, SchoolEvaluation, Vocational
from skills.models.levels import Crossing, Ladder, Standard, StandardLevel, StandardRole
from skills.models.training import Apprentice, Programme, SchoolClass, SchoolClassMode, SchoolClassStep, TrainingClass

__all__ = [
    "Apprentice",
    "Crossing",
    "Degree",
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
    "Standard",
    "StandardLevel",
    "StandardRole",
    "TrainingClass",
    "Vocational",
]
