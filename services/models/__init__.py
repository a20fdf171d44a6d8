"""Kinds of leadership and services: the fields of each."""

from services.models.leadership import Leadership, Responsibility
from services.models.offices import Research, ResearchMethod, ResearchOutcome
from services.models.recognition import (
    Award,
    AwardLevel,
    Honour,
    Honoured,
    Medium,
    Publicity,
    PublicityForm,
    PublicitySubject,
)
from services.models.welfare import Care, Pairing, Recuperation, RecuperationOrganiser

__all__ = [
    "Award",
    "AwardLevel",
    "Care",
    "Honour",
    "Honoured",
    "Leadership",
    "Medium",
    "Pairing",
    "Publicity",
    "PublicityForm",
    "PublicitySubject",
    "Recuperation",
    "RecuperationOrganiser",
    "Research",
    "ResearchMethod",
    "ResearchOutcome",
    "Responsibility",
]
