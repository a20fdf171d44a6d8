"""The register: enterprises and the industries they belong to."""

from enterprises.models.enterprise import (
    Enterprise,
    EnterpriseChange,
    EnterpriseQuerySet,
    Industry,
    Ownership,
    PilotTier,
    Size,
    validate_credit_code,
)

__all__ = [
    "Enterprise",
    "EnterpriseChange",
    "EnterpriseQuerySet",
    "Industry",
    "Ownership",
    "PilotTier",
    "Size",
    "validate_credit_code",
]
