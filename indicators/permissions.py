"""Who may close quarters and change indicators."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope


class _WholeProvince(Rule[models.Model]):
    """Concerns the portal as a whole: whoever holds the role holds it for every row."""

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: models.Model) -> Iterator[str]:
        yield from ()


@register_rule
class ViewIndicator(_WholeProvince):
    """What is measured, and how, is open to everybody who is measured by it."""

    name = "indicators.view"
    label = _("查看指标")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "indicators.indicator"


@register_rule
class ReviseIndicator(_WholeProvince):
    name = "indicators.revise"
    label = _("修订指标")
    roles = (Role.PROVINCE,)
    model = "indicators.indicator"


@register_rule
class CloseQuarter(_WholeProvince):
    """Closing and reopening a quarter of the whole province."""

    name = "indicators.close_quarter"
    label = _("关闭或重新开放季度")
    roles = (Role.PROVINCE,)
    model = "records.reportingquarter"
