"""Declarations of the kinds about what is agreed on and shared."""

from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.facts.declaring import Fact, Nature, YearBasis
from foundation.labels import Label
from records.core.kinds import Fieldset, RecordKind, Rhythm, register
from records.core.lines import Lines
from records.core.several import joined
from records.core.shown_from import from_lines, from_profile
from rights.business_rules.bargaining import (
    ContractsFiled,
    ContractsFiledInTime,
    ContractsInForce,
    ContractTerm,
    DraftsDiscussed,
    DraftsVoted,
    PerformanceReported,
    WagesNegotiated,
)
from rights.loading import AGREED, ALLOWANCE, ANNUAL, EQUITY, PROJECT, PROMOTION
from rights.models import CONGRESS, ELEMENTS, Contract, ContractLine, ContractSort, Incentive, IncentiveLine


def _enterprises_with(code: str, label: Label, sort: ContractSort) -> Fact:
    """Of each sort an enterprise has one contract at most, so that lines are enterprises."""
    return Fact(code, label, _("家"), Nature.STOCK, only=Q(sort=sort), year_basis=YearBasis.AS_OF, lines="agreements")


def _people_with(code: str, label: Label, item: str) -> Fact:
    return Fact(
        code,
        label,
        _("人"),
        Nature.HEADCOUNT,
        amount="people",
        only=Q(item=item),
        year_basis=YearBasis.CLOSED_YEAR,
        lines="measures",
    )


@register
class ContractKind(RecordKind):
    model = Contract
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m8-c1", "2022-m8-c2", "2025-a4-m2-c1", "2025-a4-f3")
    purpose = _("每年初填一次：上年度有没有开展工资集体协商，现在有哪些集体合同有效、覆盖多少职工。")
    shown = from_profile("headcount")
    fieldsets = (
        Fieldset(_("集体协商"), ("negotiated", "negotiated_on")),
        Fieldset(
            _("集体合同"), ("covered", "performance_reported", "performance_topic", "satisfaction"), lines="agreements"
        ),
    )
    lines = (
        Lines(
            "agreements",
            ContractLine,
            fields=("sort", "signed_on", "ends_on", "people", "filed_on", "discussed", "congress_topic"),
            stands_until="ends_on",
            label=_("有效的集体合同"),
            required=("sort", "signed_on", "ends_on", "people"),
            unique=("sort",),
            most=len(ContractSort),
            help=_("一种合同一行，只填现在有效的；续签过的填最近一份。区域、行业集体合同不填在这里。"),
        ),
    )
    required = ("negotiated", "covered")
    columns = ("negotiated", "covered", "performance_reported")
    filters = ("negotiated", "performance_reported")
    facts = (
        Fact("E03.contracts", _("有效集体合同"), _("份"), Nature.STOCK, year_basis=YearBasis.AS_OF, lines="agreements"),
        Fact(
            "E03.covered",
            _("集体合同覆盖职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="covered",
            year_basis=YearBasis.AS_OF,
        ),
        Fact("E03.reported", _("已报集体协商情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
        Fact(
            "E04.firms",
            _("开展工资集体协商的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(negotiated=True),
            year_basis=YearBasis.CLOSED_YEAR,
        ),
        Fact("E04.reported", _("已报工资集体协商情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.CLOSED_YEAR),
        _enterprises_with("E05.grade_firms", _("开展能级工资集体协商的企业"), ContractSort.GRADE),
        _enterprises_with("E05.innovation_firms", _("签订职工技术创新专项集体合同的企业"), ContractSort.INNOVATION),
        _enterprises_with("E05.seniority_firms", _("协商工龄工资的企业"), ContractSort.SENIORITY),
        _enterprises_with("E05.profit_firms", _("协商增加利润二次分配的企业"), ContractSort.PROFIT),
        Fact(
            "E05.grade_covered",
            _("能级工资覆盖职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="people",
            only=Q(sort=ContractSort.GRADE),
            year_basis=YearBasis.AS_OF,
            lines="agreements",
        ),
        Fact(
            "E05.innovation_covered",
            _("职工技术创新专项集体合同覆盖职工"),
            _("人"),
            Nature.HEADCOUNT,
            amount="people",
            only=Q(sort=ContractSort.INNOVATION),
            year_basis=YearBasis.AS_OF,
            lines="agreements",
        ),
    )
    rules = (
        WagesNegotiated,
        DraftsDiscussed,
        DraftsVoted,
        ContractsFiled,
        ContractsFiledInTime,
        ContractTerm,
        PerformanceReported,
    )
    warnings = (ContractsInForce,)
    shown_when: ClassVar = {
        "negotiated_on": ("negotiated", (True,)),
        "performance_topic": ("performance_reported", (True,)),
        "satisfaction": ("performance_reported", (True,)),
    }
    undecided: ClassVar = {"satisfaction": False}


@register
class IncentiveKind(RecordKind):
    model = Incentive
    area = "rights"
    rhythm = Rhythm.ANNUAL
    clauses = ("2022-m7-c1", "2022-m8-c2", "2022-m8-c3", "2025-a4-m2-c1", "2025-a4-m4-c1", "2025-a4-f3")
    purpose = _(
        "每年初填一次：技能人才的薪酬制度，以及上年度享受年薪制、协议工资、技能津贴等激励和待遇的职工。只填人数，不问金额。"
    )
    shown = (from_lines(CONGRESS, "agenda", "topic", "分配", label=_("职代会对分配方案的审议"), result="result"),)
    fieldsets = (
        Fieldset(_("薪酬分配制度"), ("has_system", "elements")),
        Fieldset(_("激励与待遇"), (), lines="measures"),
    )
    lines = (
        Lines(
            "measures",
            IncentiveLine,
            fields=("item", "people", "skilled", "basis"),
            label=_("激励与待遇"),
            required=("item", "people"),
            unique=("item",),
            help=_("上年度实行了的，一个项目一行；没有实行的不填。"),
        ),
    )
    required = ("has_system",)
    columns = ("has_system", "elements")
    filters = ("has_system", "elements")
    facts = (
        Fact(
            "E12.system",
            _("建立技能人才薪酬分配制度的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(has_system=True),
            year_basis=YearBasis.AS_OF,
        ),
        Fact(
            "E12.all_elements",
            _("薪酬分配体现全部四项要素的企业"),
            _("家"),
            Nature.STOCK,
            only=Q(elements=joined(ELEMENTS)),
            year_basis=YearBasis.AS_OF,
        ),
        Fact("E12.reported", _("已报收入分配激励情况的企业"), _("家"), Nature.STOCK, year_basis=YearBasis.AS_OF),
        _people_with("E06.agreed", _("实行协议工资的职工"), AGREED),
        _people_with("E06.project", _("实行项目工资的职工"), PROJECT),
        _people_with("E06.annual", _("实行年薪制的职工"), ANNUAL),
        _people_with("E06.equity", _("享受股权激励的职工"), EQUITY),
        _people_with("E13.allowance", _("享受技能津贴的职工"), ALLOWANCE),
        _people_with("E13.promoted", _("工资升档晋级的职工"), PROMOTION),
    )
    shown_when: ClassVar = {"elements": ("has_system", (True,))}
