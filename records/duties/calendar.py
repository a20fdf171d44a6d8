"""What the province sets: the days a quarter is due, and the rules by which duties arise."""

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Industry, Ownership, PilotTier, Size
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.periods import Quarter, Year
from foundation.refusals import Refused, require_confirmed
from foundation.saying import filled
from records.core.kinds import annual_slugs, kind_by_slug
from records.core.models import ReportingQuarter, ReportingYear
from records.core.periods import open_quarters
from records.duties.actions import ensure_quarter, generate_duties
from records.duties.burden import added_by
from records.duties.facts import append_duty_changes
from records.duties.models import Circumstance, Duty, DutyRule

register_event("records.due_days_set", gettext_lazy("设置填报截止日期"))
register_event("records.duty_rule_set", gettext_lazy("设置应报规则"))
register_event("records.duty_rule_left", gettext_lazy("不采纳建议的应报规则"))


@transaction.atomic
def set_due_days(
    *, acting_user: Actor, quarter: Quarter, enterprise_due: datetime.date, review_due: datetime.date
) -> ReportingQuarter:
    """Change the days of an open quarter; duties not yet met move with them. Raises ``Refused``."""
    require(acting_user, "records.set_calendar")
    row = ReportingQuarter.objects.select_for_update().get(code=quarter.code)
    if not row.is_open:
        raise Refused(_("%s已经关闭，截止日期不再改动。") % quarter.label)
    if enterprise_due <= quarter.first_day:
        raise Refused(_("企业填报截止日期应在%s开始之后，请重填。") % quarter.label)
    if review_due < enterprise_due:
        raise Refused(_("审核截止日期不能早于企业填报截止日期（%s），请重填。") % enterprise_due)
    changes = {
        _("企业填报截止"): [str(row.enterprise_due), str(enterprise_due)],
        _("审核截止"): [str(row.review_due), str(review_due)],
    }
    row.enterprise_due, row.review_due = enterprise_due, review_due
    row.save(update_fields=["enterprise_due", "review_due"])
    # What is owed for a year has a day of its own.
    owed = Duty.objects.filter(quarter=row.code, fulfilled_at=None).exclude(kind__in=annual_slugs())
    owed.update(due=enterprise_due)
    log("records.due_days_set", by=acting_user, on=row, changes=changes)
    return row


@transaction.atomic
def set_year(*, acting_user: Actor, year: Year, is_open: bool, enterprise_due: datetime.date) -> ReportingYear:
    """Change the day of a year's annual returns, and whether they are still taken; duties not yet met move with the day.
    Raises ``Refused``."""
    require(acting_user, "records.set_calendar")
    row = ReportingYear.objects.select_for_update().get(code=year.code)
    if enterprise_due not in year.next():
        raise Refused(
            _("%(year)s的年度报送截止日期应在 %(next)d 年内，请重填。") % {"year": year.label, "next": year.year + 1}
        )
    quarter = ensure_quarter(Quarter.of(enterprise_due))
    if enterprise_due != row.enterprise_due and not quarter.is_open:
        raise Refused(_("%s已经关闭，年度报送不能在这个季度截止，请重填。") % quarter)
    changes = {
        _("年度报送截止"): [str(row.enterprise_due), str(enterprise_due)],
        _("开放填报"): [_("是") if row.is_open else _("否"), _("是") if is_open else _("否")],
    }
    changes = {name: both for name, both in changes.items() if both[0] != both[1]}
    row.is_open, row.enterprise_due = is_open, enterprise_due
    row.save(update_fields=["is_open", "enterprise_due"])
    owed = Duty.objects.filter(kind__in=annual_slugs(), period=row.code, fulfilled_at=None).order_by()
    was_in = set(owed.values_list("county_id", "quarter").distinct())
    owed.update(due=enterprise_due, quarter=quarter.code)
    append_duty_changes(was_in | {(county, quarter.code) for county, _before in was_in}, is_below=True)
    if changes:
        log("records.due_days_set", by=acting_user, on=row, changes=changes)
    return row


@transaction.atomic
def save_duty_rule(
    *,
    acting_user: Actor,
    kind: str,
    tiers: Sequence[str] = (),
    ownerships: Sequence[str] = (),
    sizes: Sequence[str] = (),
    industries: Sequence[str] = (),
    headcount_from: int | None = None,
    headcount_to: int | None = None,
    in_chain: bool | None = None,
    leads_chain: bool = False,
    has_party_organisation: bool | None = None,
    only_if: str = "",
    rule: DutyRule | None = None,
    is_active: bool = True,
    confirmed: Collection[str] = (),
    reason: str = "",
) -> DutyRule:
    """Make or change a rule. Open quarters get the duties it adds at once; duties already there stay.

    Raises ``AccessDenied``, ``Refused`` for a kind that cannot be owed or headcounts the wrong way round, and
    ``NeedsConfirmation``: what the rule adds for those it asks is shown before it is made, and takes a reason where a
    pilot's quarter would pass ``burden.MOST_MINUTES``.
    """
    require(acting_user, "records.set_calendar")
    declared = kind_by_slug(kind)
    if not declared.may_be_owed:
        raise Refused(
            _("“%s”随时发生、随时填，没有应报期限。请选择按季、按年报送或者每年至少一次的类型。") % declared.label
        )
    if is_active and not declared.is_offered:
        raise Refused(declared.retirement())
    if headcount_from is not None and headcount_to is not None and headcount_to < headcount_from:
        raise Refused(
            _("职工人数“不多于 %(to)d”比“不少于 %(from)d”还小，没有企业符合。请核对两个数。")
            % {"to": headcount_to, "from": headcount_from}
        )
    rule = rule or DutyRule()
    before = describe_rule(rule) if rule.pk else _("（没有）")
    rule.kind, rule.is_active = kind, is_active
    rule.tiers, rule.ownerships, rule.sizes, rule.industries = (
        list(tiers),
        list(ownerships),
        list(sizes),
        list(industries),
    )
    rule.headcount_from, rule.headcount_to = headcount_from, headcount_to
    rule.in_chain, rule.leads_chain = in_chain, leads_chain
    rule.has_party_organisation = has_party_organisation
    rule.only_if, rule.is_proposed, rule.is_left = only_if, False, False
    rule.clean_lists()
    added = added_by(rule)
    reason = require_confirmed(added.questions, confirmed, reason, needs_reason=added.is_too_much)
    rule.save()
    changes = {_("规则"): [before, describe_rule(rule)]}
    log("records.duty_rule_set", by=acting_user, on=rule, note=reason, changes=changes)
    for quarter in open_quarters():
        generate_duties(quarter)
    return rule


@transaction.atomic
def leave_proposal(*, acting_user: Actor, rule: DutyRule) -> None:
    """Not to take a proposed rule: it is shown no more and never proposed again. Raises ``AccessDenied``, ``Refused``."""
    require(acting_user, "records.set_calendar")
    if not rule.is_proposed:
        raise Refused(_("这条规则不是待采纳的建议，可能已被采纳。请刷新页面查看。"))
    rule.is_proposed, rule.is_left = False, True
    rule.save(update_fields=["is_proposed", "is_left"])
    log("records.duty_rule_left", by=acting_user, on=rule, note=describe_rule(rule))


def describe_rule(rule: DutyRule) -> str:
    """发展党员情况：省级试点、市级试点；国有及国有控股；全部规模；行业门类 C；职工 100 人以上"""
    parts = []
    for values, known, everything in (
        (rule.tiers, PilotTier, _("全部层级")),
        (rule.ownerships, Ownership, _("全部所有制")),
        (rule.sizes, Size, _("全部规模")),
    ):
        parts.append("、".join(str(known(value).label) for value in values) or everything)
    if rule.industries:
        names = dict(Industry.objects.filter(code__in=rule.industries).values_list("code", "name"))
        parts.append("、".join(names.get(letter, letter) for letter in rule.industries))
    if rule.headcount_from is not None:
        parts.append(filled(_("职工 %d 人以上"), rule.headcount_from))
    if rule.headcount_to is not None:
        parts.append(filled(_("职工 %d 人以下"), rule.headcount_to))
    if rule.in_chain is not None:
        members = _("产业链的链主、龙头企业") if rule.leads_chain else _("产业链成员")
        parts.append(members if rule.in_chain else _("不在产业链中"))
    if rule.has_party_organisation is not None:
        parts.append(_("已建立党组织") if rule.has_party_organisation else _("未建立党组织"))
    if rule.only_if:
        parts.append(_("仅%s的企业") % Circumstance(rule.only_if).label)
    state = "" if rule.is_active else _("（建议，未采纳）") if rule.is_proposed else _("（停用）")
    return f"{kind_by_slug(rule.kind).label}：{'；'.join(parts)}{state}"
