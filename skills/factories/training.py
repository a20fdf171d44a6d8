"""Sample classes and apprenticeships."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from skills.factories.shares import known, share, staff
from skills.models import Apprentice, Programme, SchoolClass, SchoolClassMode, SchoolClassStep, TrainingClass

_TITLES = {
    Programme.POST: ("新进员工岗前培训班", "设备点检技能培训班", "特种作业安全操作培训班"),
    Programme.LEVEL: ("焊工高级工培训班", "数控车工技师研修班", "电工中级工培训班"),
    Programme.DIGITAL: ("工业机器人操作培训班", "数字孪生产线运维培训班", "MES 系统应用培训班"),
    Programme.STRONG: ("高校毕业生工业互联网技能班", "高校毕业生智能制造技能班"),
    Programme.SERVICE: ("服务业转岗装配工培训班", "商超员工转制造业技能班"),
    Programme.CASUAL: ("零工焊工入门班", "零工转装配技工培训班"),
    Programme.SHORT: ("快递员叉车操作短训班", "网约配送员电工基础短训班"),
    Programme.OTHER: ("班组长管理能力培训班", "质量管理小组培训班"),
}
_LEADING_INTO_WORK = (Programme.STRONG, Programme.SERVICE, Programme.CASUAL)


def _title(record: TrainingClass) -> str:
    titles = _TITLES[Programme(record.programme)]
    return titles[between(0, len(titles) - 1)]


@register_factory
class TrainingClassFactory(RecordFactory):
    class Meta:
        model = TrainingClass

    programme = FuzzyChoice([Programme.POST, Programme.LEVEL, Programme.DIGITAL, *Programme.values])
    title = factory.LazyAttribute(_title)
    number_of_people = factory.LazyAttribute(lambda record: min(staff(record), between(15, 60)))
    frontline_trainees = factory.LazyAttribute(
        lambda record: known(between(record.number_of_people // 2, record.number_of_people))
    )
    hours_each = FuzzyChoice((8, 16, 24, 40, 60, 80))
    certified = factory.LazyAttribute(
        lambda record: known(between(record.number_of_people * 7 // 10, record.number_of_people))
    )
    institution = FuzzyChoice(("南京示例技师学院", "苏州示例职业技术学院", "", ""))
    placed = factory.LazyAttribute(
        lambda record: between(0, record.number_of_people) if record.programme in _LEADING_INTO_WORK else None
    )


@register_factory
class ApprenticeFactory(RecordFactory):
    class Meta:
        model = Apprentice

    modern = factory.LazyFunction(lambda: between(0, 30))
    new_style = factory.LazyAttribute(lambda record: 1 + share(record, 0, 6))
    mentors = factory.LazyAttribute(
        lambda record: known(min(staff(record), 1 + (record.modern + record.new_style) // 4))
    )
    certified = factory.LazyAttribute(lambda record: known(between(0, record.modern + record.new_style)))
    school = factory.LazyAttribute(lambda record: "苏州示例职业技术学院" if record.modern else "")


_CLASSES = {
    SchoolClassMode.TAILORED: "定制班",
    SchoolClassMode.ORDERED: "订单班",
    SchoolClassMode.DIRECTED: "定向班",
    SchoolClassMode.POSTED: "定岗班",
    SchoolClassMode.PROJECT: "项目制培训班",
}


@register_factory
class SchoolClassFactory(RecordFactory):
    class Meta:
        model = SchoolClass

    step = factory.LazyFunction(lambda: SchoolClassStep.BEGUN if chance(0.6) else SchoolClassStep.FINISHED)
    mode = FuzzyChoice(SchoolClassMode.values)
    school = FuzzyChoice(("南京示例技师学院", "苏州示例职业技术学院"))
    trade = FuzzyChoice(("工业机器人技术", "数控技术", "焊接技术与自动化", ""))
    title = factory.LazyAttribute(
        lambda record: f"{record.trade or '智能制造'}{_CLASSES[SchoolClassMode(record.mode)]}"
    )
    students = factory.LazyAttribute(lambda record: between(20, 45) if record.step == SchoolClassStep.BEGUN else None)
    delivered = factory.LazyAttribute(
        lambda record: between(5, 40) if record.step == SchoolClassStep.FINISHED else None
    )
