"""Urging from the list of results: what a unit is told it is asked about."""

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from indicators.compliance.declaring import ComplianceRule
from notices.urging import Matter


def compliance_matter(quarter: Quarter, rule: ComplianceRule | None) -> Matter:
    """One rule, or what the rules found altogether."""
    url = f"{reverse('reporting:compliance')}?quarter={quarter.code}"
    if rule is None:
        return Matter(f"compliance:{quarter.code}", _("%s合规情况") % quarter.label, url)
    label = _("%(quarter)s合规：%(rule)s") % {"quarter": quarter.label, "rule": rule.title}
    return Matter(f"compliance:{quarter.code}:{rule.code}", label, url)


def compliance_sentence(quarter: Quarter, rule: ComplianceRule | None) -> str:
    if rule is None:
        message = _(
            "您单位%s的合规情况中有“不符合”或“未说明”的规则。请登录平台，在“合规”中查看原因和办法，并尽快处理。"
        )
        return message % quarter.label
    message = _(
        "“%(rule)s”您单位%(quarter)s的结论是“不符合”或“未说明”。请登录平台，在“合规”中查看原因和办法，并尽快处理。"
    )
    return message % {"rule": rule.title, "quarter": quarter.label}
