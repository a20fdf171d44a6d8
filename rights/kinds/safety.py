"""Declarations of the kinds about safety at work and workers' health."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.facts.declaring import Fact, Nature, YearBasis
from records.core.kinds import Fieldset, FiledBy, RecordKind, Rhythm, register
from records.core.shown_from import from_latest, from_profile
from rights.business_rules.safety import (
    ExposedExamined,
    HazardsRectifiedInTime,
    MajorHazardsReported,
    PrincipalSigned,
    RiskReportTold,
    is_industrial,
)
from rights.kinds.answers import AnsweredKind
from rights.models import Hazard, Safety, SafetyCampaign


@register
class SafetyKind(AnsweredKind):
    model = Safety
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m10-c1", "2022-m10-c2")
    purpose = _("每年初填一次：安全承诺、全员责任制、风险报告，以及上年度的“安康杯”和职业健康检查。")
    shown = (
        *from_profile("headcount", "frontline_count"),
        *from_latest("rights.congresssession", heard_safety_report=""),
    )
    fieldsets = (
        Fieldset(_("安全承诺与责任制"), ("pledged", "has_system")),
        Fieldset(_("风险报告"), ("reported_risks", "major_risks")),
        Fieldset(_("“安康杯”竞赛"), ("cup_teams", "cup_workers"), _("上年度没有参加的填 0。")),
        Fieldset(_("职业健康"), ("has_exposed_posts", "exposed", "examined", "health_models")),
    )
    required = ("pledged", "has_system")
    columns = ("pledged", "has_system", "cup_workers", "exposed", "examined")
    filters = ("has_system", "reported_risks", "has_exposed_posts")
    facts = (
        Fact(
            "F16.pledged",
            _("签订安全承诺书的职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="pledged",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "F16.system",
            _("建立全员安全生产责任制的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_system=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("F16.reported", _("已报安全责任落实情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
        Fact(
            "F17.reported",
            _("报送安全生产风险报告的工业企业"),
            _("家"),
            Nature.STOCK,
            only=Q(reported_risks=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F17.risks",
            _("较大以上安全风险"),
            _("处"),
            Nature.STOCK,
            amount="major_risks",
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "C10.teams",
            _("参加“安康杯”竞赛的班组"),
            _("个"),
            Nature.STOCK,
            amount="cup_teams",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "C10.workers",
            _("参加“安康杯”竞赛的职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="cup_workers",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F11.due",
            _("接害岗位应检职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="exposed",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact(
            "F11.checked",
            _("接害岗位已检职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="examined",
            year_basis=YearBasis.CLOSED_YEAR,
            whole="F11.due",
        ),
        Fact(
            "F18.people",
            _("职业健康达人"),
            _("人"),
            Nature.HEADCOUNT,
            amount="health_models",
            year_basis=YearBasis.CLOSED_YEAR,
        ),
    )
    rules = (RiskReportTold, ExposedExamined)
    shown_when: ClassVar = {
        "major_risks": ("reported_risks", (True,)),
        **dict.fromkeys(("exposed", "examined"), ("has_exposed_posts", (True,))),
    }
    none_without: ClassVar = {"has_exposed_posts": ("exposed", "examined")}

    def not_asked(self, enterprise: Enterprise) -> tuple[str, ...]:
        """Only industrial enterprises are asked for the report of risks."""
        return () if is_industrial(enterprise) else ("reported_risks", "major_risks")


@register
class SafetyCampaignKind(RecordKind):
    model = SafetyCampaign
    area = "rights"
    filed_by = FiledBy.EITHER
    clauses = ("2022-m10-c1",)
    purpose = _("消防、危险化学品、粉尘等专项整治。每开展一次填一条；查出的隐患在“隐患排查整改”里按季度填。")
    fieldsets = (
        Fieldset(_("整治"), ("title", "happened_on", "subject", "union_took_part")),
        Fieldset(_("规模"), ("attendances",)),
        Fieldset(_("做法"), ("measures",)),
    )
    required = ("title", "happened_on", "subject")
    columns = ("subject", "attendances")
    filters = ("subject", "union_took_part")
    facts = (
        Fact("F19.campaigns", _("安全生产专项整治"), _("次")),
        Fact("F19.attendances", _("专项整治参加人次"), _("人次"), amount="attendances"),
    )


@register
class HazardKind(RecordKind):
    model = Hazard
    area = "rights"
    rhythm = Rhythm.QUARTERLY
    clauses = ("2022-m10-c1", "2022-m10-c2")
    purpose = _("每季度填一次：发现多少隐患、整改多少、有没有重大隐患。没有隐患的填 0。")
    fieldsets = (
        Fieldset(_("一般隐患"), ("found", "rectified", "in_time", "snapshots")),
        Fieldset(_("重大隐患"), ("major", "reported", "still_open")),
        Fieldset(_("签字"), ("signed",)),
    )
    required = ("found", "rectified", "major", "signed")
    # Whether the principal has signed is asked of a quarter without hazards as well; what is still open may be older.
    when_nothing = {"found": 0, "rectified": 0, "in_time": 0, "snapshots": 0, "major": 0}
    columns = ("found", "rectified", "major", "still_open", "signed")
    filters = ("signed",)
    facts = (
        Fact("F09.found", _("发现一般隐患"), _("条"), amount="found"),
        Fact("F09.mended", _("其中已整改"), _("条"), amount="rectified"),
        Fact("F09.in_time", _("其中按期整改"), _("条"), amount="in_time", whole="F09.mended"),
        Fact("F09.snapshots", _("职工随手拍上报隐患"), _("条"), amount="snapshots"),
        Fact("F09.major", _("发现重大隐患"), _("条"), amount="major"),
        Fact("F09.major_reported", _("其中已向监管部门和职代会报告"), _("条"), amount="reported", whole="F09.major"),
        Fact("F09.major_open", _("季末未销号的重大隐患"), _("条"), Nature.STOCK, amount="still_open"),
    )
    rules = (HazardsRectifiedInTime, MajorHazardsReported, PrincipalSigned)
