"""Sample records of what offices report of themselves."""

from decimal import Decimal

import factory
import factory.random
from factory.fuzzy import FuzzyChoice

from enterprises.models import Enterprise
from foundation.crud.factories import RegisterFactory, register_sample
from foundation.places.models import Place
from records.core.factories import RecordFactory, between, chance, register_factory
from records.models import Record
from services.loading import AID_PROJECTS, HONOURS
from services.models import (
    AidProject,
    AwardCondition,
    AwardRule,
    Hardship,
    HardshipProgramme,
    LinkedMembers,
    LinkedUnit,
    Outreach,
    OutreachForm,
    Research,
    ResearchMethod,
    ResearchOutcome,
    TalentPlan,
)

_STUDIES = (
    "制造业一线职工技能提升需求调研",
    "新就业形态劳动者权益保障调研",
    "中小企业职代会运行情况调研",
    "产业工人住房和子女入学需求调研",
)


@register_factory
class ResearchFactory(RecordFactory):
    class Meta:
        model = Research

    title = FuzzyChoice(_STUDIES)
    method = FuzzyChoice(ResearchMethod.values)
    enterprises = factory.LazyFunction(lambda: between(3, 15))
    attendances = factory.LazyAttribute(lambda record: record.enterprises * between(4, 10))
    problems = factory.LazyFunction(lambda: None if chance(0.1) else between(0, 12))
    outcome = FuzzyChoice(ResearchOutcome.values)
    adopted_in = factory.LazyAttribute(
        lambda record: "关于加强一线职工技能培训的若干措施" if record.outcome == ResearchOutcome.ADOPTED else ""
    )


def _enterprises(record: Record, number: int) -> str:
    """Some of the register that lie in the office's area; of a record of an enterprise itself."""
    office: Place | None = getattr(record, "office", None)
    if office is None:
        return record.filing_enterprise.name
    below = Enterprise.objects.filter(**{office.scope_column(): office.pk}, is_active=True).order_by("pk")
    names = list(below.values_list("name", flat=True)[:40])
    return "、".join(factory.random.randgen.sample(names, min(number, len(names)))) or "示例精密机械有限公司"


@register_factory
class OutreachFactory(RecordFactory):
    class Meta:
        model = Outreach

    form = FuzzyChoice(OutreachForm.values)
    title = factory.LazyAttribute(lambda record: f"{OutreachForm(record.form).label}：听诉求、解难题")
    visited = factory.LazyAttribute(lambda record: _enterprises(record, between(1, 2)))
    attendances = factory.LazyFunction(lambda: None if chance(0.2) else between(8, 60))
    questions = factory.LazyFunction(lambda: between(1, 8))
    answered = factory.LazyAttribute(lambda record: between(0, record.questions))
    passed_on = factory.LazyAttribute(lambda record: record.questions - record.answered)
    summary = FuzzyChoice(("企业反映技能等级认定批次少，已协调增加。", "职工关心住房和子女入学，逐项作了答复。", ""))


def _programme(code: str) -> HardshipProgramme:
    helped = between(3, 60)
    return HardshipProgramme(
        project_id=code, helped=helped, amount=None if chance(0.2) else Decimal(helped * between(10, 60)) / 100
    )


@register_factory
class HardshipFactory(RecordFactory):
    class Meta:
        model = Hardship

    households = factory.LazyFunction(lambda: between(20, 300))
    recovered = factory.LazyFunction(lambda: None if chance(0.1) else between(0, 15))
    not_on_file = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 3))
    programmes = factory.LazyFunction(
        lambda: [_programme(code) for code, _name in AID_PROJECTS if code == "medicine" or chance(0.7)]
    )


_MEMBERS = (
    "人力资源社会保障局",
    "发展和改革委员会",
    "工业和信息化局",
    "教育局",
    "科学技术局",
    "国有资产监督管理委员会",
)


@register_factory
class LinkedMembersFactory(RecordFactory):
    class Meta:
        model = LinkedMembers

    system_document = FuzzyChoice(("《产改成员单位联系企业制度》", "《关于建立成员单位联系企业机制的通知》"))
    solved = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 20))
    units = factory.LazyAttribute(
        lambda record: [
            LinkedUnit(unit=unit, enterprises=between(1, 6), names=_enterprises(record, between(0, 2)))
            for unit in factory.random.randgen.sample(_MEMBERS, between(2, 4))
        ]
    )


def _conditions() -> list[AwardCondition]:
    chosen = factory.random.randgen.sample([code for code, _name in HONOURS], between(2, 4))
    # The first always: an office without any condition has nothing to report yet.
    said = [(code, number == 0 or chance(0.5)) for number, code in enumerate(chosen)]
    return [
        AwardCondition(
            honour_id=code,
            is_condition=is_condition,
            document=f"苏总工发〔2024〕{between(3, 40)}号" if is_condition else "",
            since_year=between(2022, 2025) if is_condition else None,
        )
        for code, is_condition in said
    ]


@register_factory
class AwardRuleFactory(RecordFactory):
    class Meta:
        model = AwardRule

    remarks = FuzzyChoice(("评分表中产改占十分。", ""))
    conditions = factory.LazyFunction(_conditions)


@register_factory
class TalentPlanFactory(RecordFactory):
    class Meta:
        model = TalentPlan

    applied = factory.LazyFunction(lambda: between(2, 20))
    chosen = factory.LazyAttribute(lambda record: between(0, record.applied))
    linked = factory.LazyFunction(lambda: between(1, 30))
    linked_national = factory.LazyAttribute(lambda record: between(0, min(2, record.linked)))


@register_sample("services.aid_projects")
class AidProjectFactory(RegisterFactory):
    class Meta:
        model = AidProject

    code = factory.Sequence(lambda number: f"sample-project-{number + 1}")
    name = factory.Sequence(lambda number: f"示例帮扶项目{number + 1}")
    order = factory.Sequence(lambda number: 50 + number)
    is_settled = True
    is_active = True
