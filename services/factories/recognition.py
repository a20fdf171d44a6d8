"""Sample records of the kinds of making known what the reform achieved."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from services.models import Medium, Publicity, PublicityForm, PublicitySubject

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
