"""Sample records of the kinds of recognition, and sample rows of the list of honours."""

import factory
from factory.fuzzy import FuzzyChoice

from foundation.crud.factories import RegisterFactory, register_sample
from records.core.factories import RecordFactory, between, chance, register_factory
from services.loading import HONOURS
from services.models import (
    Award,
    AwardLevel,
    CaseStep,
    GoodCase,
    Honour,
    Honoured,
    Medium,
    Publicity,
    PublicityForm,
    PublicitySubject,
    ReformMeasure,
)

_HEADLINES = (
    "从学徒到首席技师：一名产业工人的成长",
    "产改落地车间，班组活力更足",
    "师徒同台比武，技能等级一起升",
    "企业产改看变化：一线职工进了研发组",
)
_OUTLETS = {
    Medium.NATIONAL: "工人日报",
    Medium.PROVINCIAL: "新华日报",
    Medium.CITY: "示例市日报",
    Medium.UNION: "江苏工人报",
    Medium.NEW: "示例企业微信公众号",
}


@register_factory
class PublicityFactory(RecordFactory):
    class Meta:
        model = Publicity

    title = FuzzyChoice(_HEADLINES)
    medium = FuzzyChoice(Medium.values)
    form = FuzzyChoice(PublicityForm.values)
    outlet = factory.LazyAttribute(lambda record: "" if chance(0.1) else _OUTLETS[Medium(record.medium)])
    link = factory.LazyFunction(lambda: "" if chance(0.3) else f"https://example.com/news/{between(100000, 999999)}")
    subject = FuzzyChoice(PublicitySubject.values)


_NAMES = dict(HONOURS)
#: Those levels of which figures are kept; a county's honour counts towards none.
_COUNTED = (AwardLevel.NATIONAL, AwardLevel.PROVINCIAL, AwardLevel.CITY)
#: Whom an honour is given to.
_GIVEN_TO = {
    "model-worker": (Honoured.PERSON,),
    "craftsman": (Honoured.PERSON,),
    "may-day": (Honoured.PERSON, Honoured.TEAM, Honoured.ENTERPRISE),
    "pioneer-team": (Honoured.TEAM,),
}


@register_factory
class AwardFactory(RecordFactory):
    class Meta:
        model = Award

    honour_id = FuzzyChoice(list(_NAMES))
    level = FuzzyChoice([level.value for level in _COUNTED])
    title = factory.LazyAttribute(lambda record: f"{AwardLevel(record.level).label}{_NAMES[record.honour_id]}")
    honoured = factory.LazyAttribute(
        lambda record: factory.random.randgen.choice(_GIVEN_TO.get(record.honour_id, (Honoured.ENTERPRISE,)))
    )
    number = factory.LazyAttribute(lambda record: 1 if record.honoured == Honoured.ENTERPRISE else between(1, 3))
    frontline_number = factory.LazyAttribute(
        lambda record: between(0, record.number) if record.honoured == Honoured.PERSON else None
    )


@register_sample("services.honours")
class HonourFactory(RegisterFactory):
    class Meta:
        model = Honour

    code = factory.Sequence(lambda number: f"sample-honour-{number + 1}")
    name = factory.Sequence(lambda number: f"示例奖项{number + 1}")
    order = factory.Sequence(lambda number: 50 + number)
    is_settled = True
    is_active = True


#: By the measure that each is of: title and what was done.
_CASES = {
    ReformMeasure.M8: (
        "能级工资协商让技能更值钱",
        "企业与职工代表协商确定技能津贴，一年内取证人数增加一成，关键岗位流失减少。",
    ),
    ReformMeasure.M5: (
        "一线职工揭榜攻关记",
        "生产难题张榜公布，一线职工组队揭榜，攻下的成果按效益兑现奖励，当年用上七项。",
    ),
    ReformMeasure.M10: (
        "班组安全微课堂怎样坚持下来",
        "班前十分钟由职工轮流讲身边的隐患，讲过的写进班组台账，违章比上年少了三分之一。",
    ),
    ReformMeasure.M7: (
        "从师徒结对到岗位成才",
        "师徒签订协议，出师由车间考核，徒弟晋级时师傅同奖，三年培养高级工二十多名。",
    ),
}


@register_factory
class GoodCaseFactory(RecordFactory):
    """What enterprises tell themselves; that a case was taken up elsewhere is the offices'."""

    class Meta:
        model = GoodCase

    step = FuzzyChoice([CaseStep.CASE.value, CaseStep.MEETING.value])
    measure = factory.LazyAttribute(
        lambda record: factory.random.randgen.choice(
            list(_CASES) if record.step == CaseStep.CASE else ReformMeasure.values
        )
    )
    title = factory.LazyAttribute(
        lambda record: (
            _CASES[ReformMeasure(record.measure)][0] if record.step == CaseStep.CASE else "产改经验现场交流会"
        )
    )
    summary = factory.LazyAttribute(
        lambda record: _CASES[ReformMeasure(record.measure)][1] if record.step == CaseStep.CASE else ""
    )
    link = factory.LazyFunction(lambda: "" if chance(0.6) else f"https://example.com/cases/{between(1000, 9999)}")
