"""Kinds of leadership and services: the fields of each."""

from services.models.leadership import Leadership, Responsibility
from services.models.recognition import Medium, Publicity, PublicityForm, PublicitySubject
from services.models.welfare import Care, Pairing, Recuperation, RecuperationOrganiser

__all__ = [
    "Care",
    "Leadership",
    "Medium",
    "Pairing",
    "Publicity",
    "PublicityForm",
    "PublicitySubject",
    "Recuperation",
    "RecuperationOrganiser",
    "Responsibility",
]
