"""Declarations of the kinds of leadership."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import LEADING_PARTS, Enterprise
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.shown_from import from_clusters, from_latest, from_register
from services.business_rules import LeaderNamed, PlanDated, PlanReviewed
from services.models import Leadership, Responsibility


@register
class LeadershipKind(RecordKind):
    model = Leadership
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-2-c3", "2022-2-c4", "2022-2-c5", "2022-2-c6", "2022-m9-c1", "2022-s1-c1")
    purpose = _("每年初填一次，填上一年的：谁来领导产改、按什么方案推进、人财物怎样保障。")
    shown = from_latest("ideology.partyassessment", included="")
    fieldsets = (
        Fieldset(_("领导机构"), ("has_leading_body", "led_by_principal", "leader_post")),
        Fieldset(
            _("实施方案"), ("has_plan", "plan_issued_on", "reviewed_by_congress", "congress_topic", "congress_on")
        ),
        Fieldset(_("方案覆盖的重点任务"), ("tasks",)),
        Fieldset(_("推进机制"), ("same_plan", "union_led", "special_meetings", "party_guidance")),
        Fieldset(_("人财物保障"), ("staff", "budget", "has_premises")),
    )
    required = (
        "has_leading_body",
        "led_by_principal",
        "has_plan",
        "reviewed_by_congress",
        "special_meetings",
        "same_plan",
        "union_led",
    )
    columns = ("led_by_principal", "reviewed_by_congress", "special_meetings")
    filters = ("led_by_principal", "has_plan", "tasks")
    facts = (
        Fact(
            "A01.led_by_principal",
            _("党政主要负责人任组长的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(led_by_principal=True),
            year_basis=YearBasis.AS_OF,
            key=70,
            printed=60,
            head=_("一把手任组长"),
        ),
        Fact(
            "A02.plan_reviewed",
            _("方案经职代会审议的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_plan=True, reviewed_by_congress=True),
            year_basis=YearBasis.AS_OF,
            key=80,
            printed=70,
            head=_("方案经职代会审议"),
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
        Fact(
            "A16.same_plan",
            _("产改与党建同谋划、同部署、同推进的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(same_plan=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        # Returns filed before this was asked are no "no": a share is taken of those that answered.
        Fact(
            "A16.reported",
            _("已报产改与党建同推进情况的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(same_plan__isnull=False),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A16.union_led",
            _("企业工会牵头建立议事协调机制的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(union_led=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "A16.budgeted",
            _("安排产改工作经费的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(budget__gt=0),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A16.budget",
            _("产改年度工作经费"),
            _("万元"),
            Nature.STOCK,
            amount="budget",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A16.staff",
            _("产改专（兼）职人员"),
            _("人"),
            Nature.HEADCOUNT,
            amount="staff",
            year_basis=YearBasis.AS_OF,
        ),
    )
    rules = (LeaderNamed, PlanDated, PlanReviewed)
    shown_when: ClassVar = {
        "tasks": ("has_plan", (True,)),
        "leader_post": ("has_leading_body", (True,)),
        "plan_issued_on": ("has_plan", (True,)),
        "congress_topic": ("reviewed_by_congress", (True,)),
        # Asked only where no session is referred to, and not at all where the plan was not reviewed.
        "congress_on": ("congress_topic", (None,)),
    }


@register
class ResponsibilityKind(RecordKind):
    model = Responsibility
    area = "services"
    rhythm = Rhythm.ANNUAL
    clauses = ("2025-p7-m2-c1", "2022-2-c4", "2022-s3-c4")
    purpose = _("每年初填一次，填上一年的：国有企业怎样考核产改，非公企业怎样履行社会责任，龙头、链主企业带动了谁。")
    shown = (
        *from_register("ownership"),
        from_clusters(),
        *from_latest("ideology.partyassessment", included="", grade=""),
    )
    fieldsets = (
        Fieldset(_("责任"), ("is_assessed", "has_report")),
        Fieldset(_("链上示范"), ("led_enterprises", "times_shared"), _("龙头企业、链主企业填写。")),
        Fieldset(_("做法"), ("summary",)),
    )
    columns = ("is_assessed", "has_report", "led_enterprises")
    filters = ("is_assessed", "has_report")
    facts = (
        Fact(
            "A13.assessed",
            _("产改纳入考核的国有企业"),
            _("家"),
            Nature.STOCK,
            only=Q(is_assessed=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A13.report",
            _("发布社会责任报告的非国有企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_report=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A13.led",
            _("龙头、链主企业带动开展产改的链上企业"),
            _("家"),
            Nature.STOCK,
            amount="led_enterprises",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "A13.shared",
            _("龙头、链主企业开放实训、竞赛资源"),
            _("次"),
            Nature.STOCK,
            amount="times_shared",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    #: What only enterprises at the head of a chain or park are asked.
    of_leaders: ClassVar = ("led_enterprises", "times_shared")

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """State-owned enterprises are asked about their assessment, others about their report, leading ones whom they lead."""
        other_s = "has_report" if enterprise.is_state_owned else "is_assessed"
        leads = enterprise.cluster_parts.filter(part__in=LEADING_PARTS).exists()
        return (other_s,) if leads else (other_s, *self.of_leaders)
