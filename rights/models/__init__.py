"""Kinds of workers' rights, each under its theme."""

from rights.models.assessment import AssessmentWay, RiskAssessment
from rights.models.bargaining import (
    CONGRESS,
    ELEMENTS,
    Contract,
    ContractLine,
    ContractSort,
    Element,
    Incentive,
    IncentiveBasis,
    IncentiveLine,
    RegionalContract,
    RegionalContractLine,
    RegionalSort,
)
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
from rights.models.lists import GRADES_COUNTED, IncentiveItem, RiskGrade
from rights.models.newform import NewForm, NewFormLine, Trade
from rights.models.offices import Inspection, LegalAid
from rights.models.pay import Pay
from rights.models.safety import CampaignSubject, Hazard, Safety, SafetyCampaign
from rights.models.voice import Disclosure, Voice, VoiceChannel, VoiceLine

__all__ = [
    "CONGRESS",
    "ELEMENTS",
    "GRADES_COUNTED",
    "INSURED",
    "AssessmentWay",
    "CampaignSubject",
    "CongressForm",
    "CongressSession",
    "CongressTopic",
    "Contract",
    "ContractLine",
    "ContractSort",
    "Disclosure",
    "Element",
    "Hazard",
    "Incentive",
    "IncentiveBasis",
    "IncentiveItem",
    "IncentiveLine",
    "Inspection",
    "Insurance",
    "LabourContract",
    "LegalAid",
    "NewForm",
    "NewFormLine",
    "Pay",
    "ProposedBy",
    "RegionalContract",
    "RegionalContractLine",
    "RegionalSort",
    "Relations",
    "RiskAssessment",
    "RiskGrade",
    "Safety",
    "SafetyCampaign",
    "SessionSort",
    "TopicResult",
    "TopicSort",
    "Trade",
    "Voice",
    "VoiceChannel",
    "VoiceLine",
]
