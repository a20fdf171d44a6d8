"""Sample records of the kinds of ideological guidance."""

import datetime
from decimal import Decimal

import factory
from factory.fuzzy import FuzzyChoice

from enterprises.factories import person_name
from foundation.calendar.periods import Quarter
from foundation.crud.factories import RegisterFactory, register_sample
from ideology.loading import CATEGORIES
from ideology.models import (
    ArtCreation,
    ArtSort,
    ArtStep,
    Campaign,
    CultureEvent,
    CultureSort,
    Delegates,
    Direction,
    Grade,
    GroupPost,
    Lecture,
    LectureForm,
    LiteracyChannel,
    LiteracyEducation,
    LiteracySubject,
    MicroWork,
    PartyAssessment,
    PartyDevelopment,
    PartyUnionBuilding,
    Reach,
    RepresentativeActivity,
    RepresentativeCategory,
    RepresentativeStep,
    SchoolExchange,
    SpeakerKind,
    StudioUpgrade,
    Theme,
    VoiceGuidance,
    WorkForm,
)
from records.core.factories import RecordFactory, between, chance, register_factory
from records.models import Record

_TOPICS = (
    "劳模精神、劳动精神、工匠精神宣讲",
    "新质生产力与产业工人成长",
    "我身边的工匠故事",
    "班组安全生产微课堂",
    "从学徒到技师：一名一线工人的十年",
    "职工权益与集体协商知识讲座",
    "党的创新理论进车间",
    "设备点检与降本增效经验分享",
    "数字化车间操作技能讲堂",
    "合理化建议怎样提、怎样用",
    "女职工素质提升专题讲座",
    "新进员工入职第一课",
)
_VENUES = ("职工之家", "一号车间", "多功能会议室", "培训中心", "劳模创新工作室", "党群服务中心")
_SUMMARIES = (
    "结合岗位实际讲解操作要领和典型案例，现场答疑，参加职工反响良好。",
    "主讲人回顾成长经历，分享技术攻关体会，鼓励青年职工钻研技能。",
    "围绕企业年度重点任务组织学习讨论，收集意见建议若干条并转有关部门研究。",
    "",
)
_PLANS = (
    "在一线骨干中培养入党积极分子，每个空白班组至少确定一名培养对象。",
    "通过组织调配和发展党员相结合，优先在生产一线班组发展党员。",
)


def _people(record: Record) -> int:
    staff = record.filing_enterprise.headcount or 60
    return min(staff, between(12, max(20, min(staff // 3, 160))))


def _frontline(record: Record) -> int | None:
    """Now and then nobody counted them: empty, not zero."""
    attended = record.attendances or 0
    return None if chance(0.08) else between(attended // 2, attended)


@register_factory
class LectureFactory(RecordFactory):
    class Meta:
        model = Lecture

    title = FuzzyChoice(_TOPICS)
    speaker = factory.LazyFunction(person_name)
    speaker_kind = FuzzyChoice(SpeakerKind.values)
    form = FuzzyChoice(LectureForm.values)
    venue = FuzzyChoice(_VENUES)
    number_of_people = factory.LazyAttribute(_people)
    attendances = factory.LazyAttribute(lambda record: record.number_of_people + (between(1, 30) if chance(0.2) else 0))
    frontline_attendances = factory.LazyAttribute(_frontline)
    summary = FuzzyChoice(_SUMMARIES)


def _members(record: PartyDevelopment) -> int:
    return (record.new_members or 0) + max(3, (record.filing_enterprise.headcount or 60) * between(6, 14) // 100)


def _plan(record: PartyDevelopment) -> str:
    return _PLANS[between(0, 1)] if record.teams_without_members else ""


def _due(record: PartyDevelopment) -> datetime.date | None:
    """Half a year after the quarter."""
    return Quarter.parse(str(record.period)).shift(2).last_day if record.teams_without_members else None


@register_factory
class PartyDevelopmentFactory(RecordFactory):
    class Meta:
        model = PartyDevelopment

    new_members = factory.LazyFunction(lambda: between(0, 3))
    new_frontline_members = factory.LazyAttribute(lambda record: between(0, record.new_members))
    total_members = factory.LazyAttribute(_members)
    teams_without_members = factory.LazyAttribute(
        lambda record: between(0, 3) if record.enterprise.is_state_owned else None
    )
    clearing_plan = factory.LazyAttribute(_plan)
    clearing_due = factory.LazyAttribute(_due)


_CAMPAIGNS = {
    Theme.LABOUR: "“劳动创造幸福”主题教育月",
    Theme.THEORY: "党的创新理论学习周",
    Theme.SPIRIT: "弘扬劳模精神主题宣讲",
    Theme.OTHER: "“我为企业作贡献”大讨论",
}
_EXCHANGES = {
    Direction.TO_SCHOOL: ("工匠故事进课堂", "劳模与青年学子面对面"),
    Direction.TO_ENTERPRISE: ("思政课上到生产线", "思政教师进车间"),
}


@register_factory
class CampaignFactory(RecordFactory):
    class Meta:
        model = Campaign

    theme = FuzzyChoice(Theme.values)
    title = factory.LazyAttribute(lambda record: _CAMPAIGNS[Theme(record.theme)])
    reach = FuzzyChoice(Reach.values)
    number_of_people = factory.LazyAttribute(_people)
    attendances = factory.LazyAttribute(lambda record: record.number_of_people)
    frontline_attendances = factory.LazyAttribute(_frontline)
    summary = FuzzyChoice(
        ("通过班前会、宣传栏和集中学习开展，职工踊跃参与。", "以身边典型讲述奋斗故事，组织交流讨论。", "")
    )


@register_factory
class SchoolExchangeFactory(RecordFactory):
    class Meta:
        model = SchoolExchange

    direction = FuzzyChoice(Direction.values)
    title = factory.LazyAttribute(lambda record: _EXCHANGES[Direction(record.direction)][between(0, 1)])
    school = FuzzyChoice(("示例职业技术学院", "示例技师学院", "示例中等专业学校"))
    guests = factory.LazyFunction(person_name)
    number_of_people = factory.LazyFunction(lambda: between(30, 160))
    attendances = factory.LazyAttribute(lambda record: record.number_of_people)


@register_factory
class MicroWorkFactory(RecordFactory):
    class Meta:
        model = MicroWork

    title = FuzzyChoice(("《焊花里的青春》", "《一颗螺丝钉的坚守》", "《师傅的笔记本》", "《班组里的党员先锋》"))
    form = FuzzyChoice(WorkForm.values)
    authors = factory.LazyFunction(person_name)
    link = factory.LazyFunction(lambda: f"https://example.com/works/{between(1000, 9999)}")
    summary = FuzzyChoice(("取材于车间里的真人真事。", ""))


@register_factory
class PartyAssessmentFactory(RecordFactory):
    class Meta:
        model = PartyAssessment

    included = factory.LazyFunction(lambda: chance(0.85))
    weight = factory.LazyAttribute(lambda record: between(5, 30) if record.included else None)
    basis = factory.LazyAttribute(lambda record: "《企业年度综合考核办法》" if record.included else "")
    grade = factory.LazyAttribute(lambda record: Grade.PENDING if record.included else "")


@register_factory
class PartyUnionBuildingFactory(RecordFactory):
    class Meta:
        model = PartyUnionBuilding

    takes_part = factory.LazyFunction(lambda: chance(0.8))
    guided_by = factory.LazyAttribute(lambda record: "示例街道党工委" if record.takes_part else "")
    activities = factory.LazyAttribute(lambda record: between(1, 8) if record.takes_part else None)
    new_union_members = factory.LazyAttribute(lambda record: between(0, 20) if record.takes_part else None)


@register_factory
class StudioUpgradeFactory(RecordFactory):
    class Meta:
        model = StudioUpgrade

    studios = factory.LazyFunction(lambda: between(1, 3))
    members = factory.LazyAttribute(lambda record: record.studios * between(5, 12))
    frontline_members = factory.LazyAttribute(lambda record: None if chance(0.1) else between(3, record.members))
    apprentices = factory.LazyAttribute(lambda record: record.studios * between(2, 8))
    results = factory.LazyAttribute(lambda record: record.studios * between(1, 6))
    benefit = factory.LazyAttribute(
        lambda record: None if chance(0.2) else Decimal(record.results * between(100, 5000)) / 100
    )


@register_factory
class GroupPostFactory(RecordFactory):
    class Meta:
        model = GroupPost

    holders = factory.LazyFunction(lambda: between(1, 4))
    part_time = factory.LazyAttribute(lambda record: between(1, record.holders))
    seconded = factory.LazyAttribute(lambda record: record.holders - record.part_time)
    in_unions = factory.LazyAttribute(lambda record: between(0, record.holders))
    organisations = FuzzyChoice(("市总工会", "区总工会、团区委", "县总工会、县妇联"))


def _share(whole: int, low: int, high: int) -> int:
    """Between so and so many per cent of a number."""
    return whole * between(low, high) // 100


@register_factory
class DelegatesFactory(RecordFactory):
    class Meta:
        model = Delegates

    congress_delegates = factory.LazyFunction(lambda: between(30, 90))
    congress_workers = factory.LazyAttribute(lambda record: _share(record.congress_delegates, 45, 75))
    congress_frontline = factory.LazyAttribute(lambda record: _share(record.congress_delegates, 52, 80))
    party_delegates = factory.LazyFunction(lambda: between(20, 50) if chance(0.5) else None)
    party_workers = factory.LazyAttribute(
        lambda record: None if record.party_delegates is None else _share(record.party_delegates, 20, 50)
    )
    posts = factory.LazyFunction(lambda: between(0, 4))
    seconded_posts = factory.LazyAttribute(lambda record: None if chance(0.2) else between(0, record.posts))
    union_posts = factory.LazyAttribute(lambda record: None if chance(0.2) else between(0, record.posts))
    serving = factory.LazyFunction(lambda: between(1, 3))


@register_factory
class RepresentativeActivityFactory(RecordFactory):
    """What the step asks for, and nothing else."""

    class Meta:
        model = RepresentativeActivity

    step = FuzzyChoice(RepresentativeStep.values)
    title = factory.LazyAttribute(lambda record: f"优秀产业工人{RepresentativeStep(record.step).label}")
    category_id = FuzzyChoice([code for code, _name in CATEGORIES])
    organiser = FuzzyChoice(("市总工会", "县（区）总工会", "企业党委"))
    put_forward = factory.LazyAttribute(
        lambda record: between(1, 3) if record.step == RepresentativeStep.SELECTION else None
    )
    # At least one: a selection without anybody chosen counts towards no figure, whatever else is filed.
    chosen = factory.LazyAttribute(lambda record: record.put_forward and between(1, record.put_forward))
    number_of_people = factory.LazyAttribute(
        lambda record: None if record.step == RepresentativeStep.SELECTION else between(1, 12)
    )
    attendances = factory.LazyAttribute(lambda record: record.number_of_people)


_CULTURE = {
    CultureSort.SPORT: ("职工篮球赛", "职工趣味运动会", "健步走活动"),
    CultureSort.READING: ("书香班组共读会", "好书荐读分享会"),
    CultureSort.ARTS: ("职工文艺汇演", "职工书画摄影展", "“五一”职工歌会"),
    CultureSort.QUIZ: ("安全知识竞赛", "产业工人应知应会竞赛"),
}


@register_factory
class CultureEventFactory(RecordFactory):
    class Meta:
        model = CultureEvent

    sort = FuzzyChoice(CultureSort.values)
    title = factory.LazyAttribute(lambda record: factory.random.randgen.choice(_CULTURE[CultureSort(record.sort)]))
    organised_by = FuzzyChoice(("企业工会", "职工文体协会", ""))
    number_of_people = factory.LazyAttribute(_people)
    attendances = factory.LazyAttribute(lambda record: record.number_of_people + (between(1, 20) if chance(0.2) else 0))
    frontline_attendances = factory.LazyAttribute(_frontline)


@register_factory
class ArtCreationFactory(RecordFactory):
    class Meta:
        model = ArtCreation

    step = FuzzyChoice(ArtStep.values)
    title = factory.LazyAttribute(
        lambda record: "文艺工作者车间采风" if record.step == ArtStep.VISIT else "“劳动创造幸福”主题创作"
    )
    sort = FuzzyChoice(ArtSort.values)
    artists = FuzzyChoice(("市文联采风小组", "职工文学社", "企业摄影协会"))
    works = factory.LazyAttribute(lambda record: between(0 if record.step == ArtStep.VISIT else 1, 6))


@register_factory
class LiteracyEducationFactory(RecordFactory):
    class Meta:
        model = LiteracyEducation

    subject = FuzzyChoice(LiteracySubject.values)
    channel = FuzzyChoice(LiteracyChannel.values)
    title = factory.LazyAttribute(lambda record: f"{LiteracySubject(record.subject).label}专题教育")
    teacher = FuzzyChoice(("区司法局普法讲师团", "企业安全总监", "法律顾问", ""))
    number_of_people = factory.LazyAttribute(_people)
    attendances = factory.LazyAttribute(lambda record: record.number_of_people)
    frontline_attendances = factory.LazyAttribute(_frontline)


@register_factory
class VoiceGuidanceFactory(RecordFactory):
    class Meta:
        model = VoiceGuidance

    sessions = factory.LazyFunction(lambda: between(1, 4))
    attendances = factory.LazyAttribute(lambda record: record.sessions * between(10, 40))
    concerns = factory.LazyFunction(lambda: between(0, 12))
    settled = factory.LazyAttribute(lambda record: _share(record.concerns, 70, 100))


@register_sample("ideology.categories")
class CategoryFactory(RegisterFactory):
    class Meta:
        model = RepresentativeCategory

    code = factory.Sequence(lambda number: f"sample-{number + 1}")
    name = factory.Sequence(lambda number: f"示例类别{number + 1}")
    order = factory.Sequence(lambda number: 50 + number)
    is_settled = True
    is_active = True
