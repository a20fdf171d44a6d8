"""Sample returns and campaigns of safety at work."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from rights.business_rules.safety import is_industrial
from rights.factories.employment import staff
from rights.models import CampaignSubject, Hazard, Safety, SafetyCampaign


@register_factory
class SafetyFactory(RecordFactory):
    class Meta:
        model = Safety

    pledged = factory.LazyAttribute(lambda record: staff(record) * between(85, 100) // 100)
    has_system = factory.LazyFunction(lambda: chance(0.95))
    reported_risks = factory.LazyAttribute(
        lambda record: chance(0.93) if is_industrial(record.filing_enterprise) else None
    )
    major_risks = factory.LazyAttribute(lambda record: between(0, 6) if record.reported_risks else None)
    cup_teams = factory.LazyFunction(lambda: between(0, 12))
    cup_workers = factory.LazyAttribute(lambda record: min(staff(record), record.cup_teams * between(6, 14)))
    has_exposed_posts = factory.LazyFunction(lambda: chance(0.6))
    exposed = factory.LazyAttribute(
        lambda record: max(1, staff(record) * between(5, 25) // 100) if record.has_exposed_posts else 0
    )
    # What regulation asks is kept in a sample: it stands as the example of the template.
    examined = factory.LazyAttribute(lambda record: record.exposed)
    health_models = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 3))


_CAMPAIGNS = {
    CampaignSubject.FIRE: ("消防安全专项整治", "消防通道专项清理"),
    CampaignSubject.CHEMICALS: ("危险化学品储存使用专项整治",),
    CampaignSubject.DUST: ("粉尘涉爆场所专项整治",),
    CampaignSubject.CONFINED: ("有限空间作业专项整治",),
    CampaignSubject.MACHINES: ("冲压设备防护装置专项检查", "机械设备安全专项整治"),
    CampaignSubject.ELECTRICITY: ("临时用电专项整治",),
    CampaignSubject.TRAFFIC: ("厂内机动车辆专项整治",),
    CampaignSubject.OTHER: ("高处作业专项整治", "外包施工安全专项整治"),
}


@register_factory
class SafetyCampaignFactory(RecordFactory):
    class Meta:
        model = SafetyCampaign

    subject = FuzzyChoice(CampaignSubject.values)
    title = factory.LazyAttribute(
        lambda record: factory.random.randgen.choice(_CAMPAIGNS[CampaignSubject(record.subject)])
    )
    attendances = factory.LazyAttribute(lambda record: None if chance(0.1) else min(staff(record), between(8, 60)))
    union_took_part = factory.LazyFunction(lambda: chance(0.8))
    measures = FuzzyChoice(("逐个车间排查，建立清单，明确责任人和整改期限。", "班组自查、部门互查，工会派员监督。", ""))


@register_factory
class HazardFactory(RecordFactory):
    class Meta:
        model = Hazard

    found = factory.LazyFunction(lambda: between(3, 40))
    rectified = factory.LazyAttribute(lambda record: record.found * between(90, 100) // 100)
    in_time = factory.LazyAttribute(
        lambda record: record.rectified if chance(0.85) else record.rectified * between(92, 99) // 100
    )
    snapshots = factory.LazyAttribute(lambda record: None if chance(0.1) else between(0, record.found))
    major = factory.LazyFunction(lambda: 1 if chance(0.04) else 0)
    reported = factory.LazyAttribute(lambda record: record.major or None)
    still_open = factory.LazyAttribute(lambda record: between(0, record.major))
    signed = factory.LazyFunction(lambda: chance(0.97))
