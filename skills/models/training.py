"""Training of workers: classes and apprenticeship."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import OrganisationKind
from records.core.fields import choice, count, money, text
from records.models import Among, Record, listed_name

#: What a class is held with.
SCHOOLS = (OrganisationKind.VOCATIONAL, OrganisationKind.TECHNICIAN, OrganisationKind.UNIVERSITY)


class Programme(models.TextChoices):
    POST = "post", _("岗位技能")
    LEVEL = "level", _("等级提升")
    DIGITAL = "digital", _("数字技能")
    STRONG = "strong", _("高校毕业生“强技行动”")
    SERVICE = "service", _("服务业转制造业")
    CASUAL = "casual", _("零工向技工转型")
    SHORT = "short", _("新就业形态“短平快”")
    OTHER = "other", _("其他")


class TrainingClass(Record):
    """职业技能培训班: one class, told when it has ended (2022年实施意见第6条；2025年方案：强技行动、转型服务).

    数字工匠, 强技行动 and 转型培训 are programmes of a class and no kinds of their own, so that a class is told once. What it
    cost belongs to 职工教育经费. ``person_hours`` is worked out and never typed."""

    programme = choice(_("项目类别"), Programme, _("一个班属于几类的，选最主要的一类。"))
    frontline_trainees = count(_("其中一线职工"), _("人"))
    hours_each = count(_("每人学时"), _("学时"), _("每名学员全程的学时，一般 45 分钟为 1 学时。"))
    person_hours = models.PositiveBigIntegerField(_("培训人学时"), null=True, editable=False)
    certified = count(_("取得证书或考核合格"), _("人"))
    institution = listed_name(_("培训机构"), Among.ORGANISATION, hint=_("企业自己办的不填。"))
    placed = count(_("结业后进入制造业岗位"), _("人"), _("含在本企业上岗的，没有填 0。"))
    parts = (("certified", "number_of_people"), ("placed", "number_of_people"))
    usual_parts = (("frontline_trainees", "number_of_people"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职业技能培训班")

    def clean(self) -> None:
        people, hours = self.number_of_people, self.hours_each
        self.person_hours = None if people is None or hours is None else people * hours
        super().clean()


class Apprentice(Record):
    """学徒制: the year's return on apprentices under both systems (2022年实施意见第6条). Pairs of master and apprentice
    without an agreement on apprenticeship are told with the reserve of talent."""

    modern = count(_("现代学徒制在培学徒"), _("人"), _("报告期年末，与职业院校联合培养的学生学徒，没有填 0。"))
    new_style = count(_("企业新型学徒制在培学徒"), _("人"), _("报告期年末，本企业职工参加培养的，没有填 0。"))
    mentors = count(_("企业导师"), _("人"), _("报告期年末，同一人只计一次。"))
    certified = count(_("全年结业取证"), _("人"), _("报告期那一年结业并取得证书的学徒。"))
    school = listed_name(
        _("合作院校"), Among.ORGANISATION, sorts=SCHOOLS, hint=_("可填几所，用顿号隔开。"), length=200, is_many=True
    )
    parts_of_staff = (("mentors", "headcount"), ("new_style", "headcount"))

    class Meta:
        verbose_name = verbose_name_plural = _("学徒制")


class SchoolClassStep(models.TextChoices):
    BEGUN = "begun", _("开班")
    FINISHED = "finished", _("结业输送")


class SchoolClassMode(models.TextChoices):
    TAILORED = "tailored", _("人才定制班")
    ORDERED = "ordered", _("订单式")
    DIRECTED = "directed", _("定向式")
    POSTED = "posted", _("定岗式")
    PROJECT = "project", _("项目制")


class SchoolClass(Record):
    """定制班、订单班: one step of a class that a school and an enterprise hold together
    (2022年实施意见第6条；2025年方案：订单式、定向式、定岗式和项目制培训，定向输送).

    Beginning and end are two records, because what was approved is not edited: students count when the class begins, those
    who came to work when it ends. The second bears the name of the first. What the enterprise spends on schools is told
    once a year (``Fusion``); what it spends on one class only where the province has decided to ask."""

    step = choice(_("事项"), SchoolClassStep, _("开班、结业各填一条，班名写成一样。"))
    mode = choice(_("方式"), SchoolClassMode)
    school = listed_name(_("合作院校"), Among.ORGANISATION, sorts=SCHOOLS)
    trade = text(_("专业（工种）"), 120)
    students = count(_("学员"), _("人"), _("开班时的人数。"))
    invested = money(_("企业投入"), _("开班填计划投入，结业填实际投入。"))
    delivered = count(_("定向输送到岗"), _("人"), _("结业后到企业上岗的，没有填 0。"))

    class Meta:
        verbose_name = verbose_name_plural = _("定制班、订单班")
