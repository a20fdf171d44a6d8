"""Addresses of the pages of compliance, and where an enterprise does what a rule asks of it."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.compliance.declaring import ComplianceRule
from indicators.compliance.returns import RECORD
from indicators.models import ComplianceResult
from records.core.kinds import kind_by_slug


class Link(NamedTuple):
    label: str
    url: str


def matrix_url(place: Place, quarter: Quarter) -> str:
    return f"{reverse('reporting:compliance')}?{urlencode({'region': place.code, 'quarter': quarter.code})}"


def rule_url(rule: ComplianceRule, place: Place, quarter: Quarter) -> str:
    asked = urlencode({"region": place.code, "quarter": quarter.code})
    return f"{reverse('reporting:compliance_rule', args=[rule.code])}?{asked}"


def results_url(place: Place, quarter: Quarter, **narrowed: str) -> str:
    """The list of results of a place, narrowed by ``rule`` and ``finding``."""
    asked = {"quarter": quarter.code, "region": place.code, **narrowed}
    return f"{reverse('reporting:compliance_results')}?{urlencode(asked)}"


def enterprise_url(enterprise_id: int, quarter: Quarter) -> str:
    return f"{reverse('reporting:compliance_enterprise', args=[enterprise_id])}?{urlencode({'quarter': quarter.code})}"


def way_out(user: Actor, rule: ComplianceRule, result: ComplianceResult, enterprise: Enterprise) -> Link | None:
    """Where what the rule wants to know is told: the record it was read from, or the form; None where this person can
    open neither."""
    quarter = Quarter.parse(result.quarter)
    is_own = enterprise.pk in scope_of(user).enterprise_ids()
    if rule.form == "duties":
        return (
            Link(_("看应报事项"), f"{reverse('records:duties')}?{urlencode({'quarter': quarter.code})}")
            if is_own
            else None
        )
    if rule.form == "register":
        return Link(_("打开企业信息"), reverse("enterprises:detail", args=[enterprise.pk]))
    if rule.form == "board":
        return Link(_("打开组织与会议"), reverse("enterprises:detail", args=[enterprise.pk]) + "#bodies")
    if rule.form == "profile":
        if not verdict(user, "enterprises.file_profile", enterprise):
            return None
        return Link(_("填年度基本情况"), reverse("enterprises:profile", args=[enterprise.pk]))
    if record := result.values.get(RECORD):
        return Link(_("打开记录"), reverse("records:detail", args=[record]))
    if not is_own or not enterprise.is_active:
        return None
    kind = kind_by_slug(rule.form)
    asked = {"enterprise": enterprise.credit_code}
    if period := kind.period_of(quarter):
        asked["period"] = period
    return Link(_("填报"), f"{reverse('records:create', args=[kind.slug])}?{urlencode(asked)}")
