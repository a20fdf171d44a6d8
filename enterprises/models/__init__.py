"""The register: enterprises and the industries they belong to."""

from enterprises.models.base import STANDING, Base, BaseLevel, BaseReview, BaseSort, BaseStage
from enterprises.models.body import (
    OF_ENTERPRISES,
    OF_REGIONS,
    SEATS,
    Body,
    BodyKind,
    BodyLevel,
    BodyMeeting,
    BodyMember,
)
from enterprises.models.cluster import LEADING_PARTS, Cluster, ClusterKind, ClusterMember, Part
from enterprises.models.enterprise import (
    KNOWN_HEADCOUNT,
    Enterprise,
    EnterpriseQuerySet,
    Industry,
    Ownership,
    PilotTier,
    Size,
    searched_for,
    validate_credit_code,
)
from enterprises.models.fostered import FosteredEnterprise
from enterprises.models.history import ChangeKind, EnterpriseEvent
from enterprises.models.organisation import Organisation, OrganisationKind
from enterprises.models.pilot import Pilot, PilotStage, Stage
from enterprises.models.profile import YearlyProfile

__all__ = [
    "KNOWN_HEADCOUNT",
    "LEADING_PARTS",
    "OF_ENTERPRISES",
    "OF_REGIONS",
    "SEATS",
    "STANDING",
    "Base",
    "BaseLevel",
    "BaseReview",
    "BaseSort",
    "BaseStage",
    "Body",
    "BodyKind",
    "BodyLevel",
    "BodyMeeting",
    "BodyMember",
    "ChangeKind",
    "Cluster",
    "ClusterKind",
    "ClusterMember",
    "Enterprise",
    "EnterpriseEvent",
    "EnterpriseQuerySet",
    "FosteredEnterprise",
    "Industry",
    "Organisation",
    "OrganisationKind",
    "Ownership",
    "Part",
    "Pilot",
    "PilotStage",
    "PilotTier",
    "Size",
    "Stage",
    "YearlyProfile",
    "searched_for",
    "validate_credit_code",
]
