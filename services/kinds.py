"""Declarations of the kinds of leadership and support."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from services.business_rules import LeaderNamed, PlanDated
from services.models import Leadership


@register
class LeadershipKind(RecordKind):
    model = Leadership
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m9-c1", "2022-s1-c1")
    purpose = _("每年初填一次，填上一年的：谁来领导产改、按什么方案推进、专题研究了几次。")
    fieldsets = (
        Fieldset(_("领导机构"), ("has_leading_body", "led_by_principal", "leader_post")),
        Fieldset(_("实施方案"), ("has_plan", "plan_issued_on", "reviewed_by_congress", "congress_on")),
        Fieldset(_("专题研究"), ("special_meetings",)),
    )
    required = ("has_leading_body", "led_by_principal", "has_plan", "reviewed_by_congress", "special_meetings")
    columns = ("led_by_principal", "reviewed_by_congress", "special_meetings")
    filters = ("led_by_principal", "has_plan")
    facts = (
        Fact(
            "A01.led_by_principal",
            _("党政主要负责人任组长的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(led_by_principal=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "A02.plan_reviewed",
            _("方案经职代会审议的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_plan=True, reviewed_by_congress=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "A04.meetings",
            _("专题研究产改会议"),
            _("次"),
            Nature.STOCK,
            amount="special_meetings",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact("A01.reported", _("已报领导机构情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
    )
    rules = (LeaderNamed, PlanDated)
    shown_when = {
        "leader_post": ("has_leading_body", (True,)),
        "plan_issued_on": ("has_plan", (True,)),
        "congress_on": ("reviewed_by_congress", (True,)),
    }
