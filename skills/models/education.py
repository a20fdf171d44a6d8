"""Schools and enterprises: integration of industry and education, further study, and the way into manufacturing."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, money, text
from records.models import Record


class FusionStatus(models.TextChoices):
    NONE = "none", _("未入库")
    LISTED = "listed", _("列入培育库")
    CERTIFIED = "certified", _("已认定")


#: What of an investment that qualifies is taken off the surcharges of education: 财税〔2019〕46号.
CREDIT_SHARE = Decimal("0.30")


class Fusion(Record):
    """产教融合型企业与校企合作: the year's return on being such an enterprise and on what working with schools cost
    (2022年实施意见第6条；“落实企业参与校企合作成本补偿”).

    ``credit`` is worked out: 30 % of the year's qualifying investment (财税〔2019〕46号). How much of it is taken off in
    the year, and what is carried on, is told by the tax return. Amounts that are 待核定 may stay empty."""

    identity = choice(_("产教融合型企业身份"), FusionStatus, _("报告期年末的身份。"))
    batch = text(_("批次或文号"), 120, _("列入或认定的批次、文件号。"))
    investment = money(
        _("全年符合规定的投资"), _("报告期那一年按规定可以抵免的投资，以纳税申报为准。口径待核定，可以不填。")
    )
    surcharges = money(_("全年应缴教育费附加和地方教育附加"), _("报告期那一年，以纳税申报为准。口径待核定，可以不填。"))
    credit = models.DecimalField(_("按投资额30%可抵免额"), max_digits=14, decimal_places=2, null=True, editable=False)
    interns = count(_("接收实习学生"), _("人"), _("报告期那一年，职业院校和高校的学生，同一人只计一次。"))
    cost = money(_("校企合作支出"), _("报告期那一年，企业实际支出的。"))
    applied = money(_("申请成本补偿"), _("报告期那一年。口径待核定，没有的可以不填。"))
    received = money(_("获得成本补偿"), _("报告期那一年实际到账的。口径待核定，没有的可以不填。"))

    class Meta:
        verbose_name = verbose_name_plural = _("产教融合型企业与校企合作")

    def clean(self) -> None:
        self.credit = credit_of(self.investment)
        super().clean()


def credit_of(investment: Decimal | None) -> Decimal | None:
    """What may be taken off the surcharges for an investment, in 万元 with two decimals; None where nobody said."""
    if investment is None:
        return None
    return (Decimal(investment) * CREDIT_SHARE).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Degree(Record):
    """学历继续教育与学分银行: the year's return on workers who study for a degree and on credits they keep
    (2025年方案：产业工人继续教育制度、江苏省终身教育学分银行)."""

    studying = count(_("在读学历继续教育"), _("人"), _("报告期年末，同一人只计一次，没有填 0。"))
    graduated = count(_("全年取得学历"), _("人"), _("报告期那一年毕业的。"))
    funding = money(_("企业资助"), _("报告期那一年企业为职工学历提升支付的学费、奖励等。"))
    banked = count(
        _("学分银行存入学习成果的职工"), _("人"), _("报告期那一年，存入江苏省终身教育学分银行的，同一人只计一次。")
    )
    results = count(_("存入学习成果"), _("项"), _("报告期那一年，学历、非学历和技能培训成果都算。"))
    converted = count(_("技能等级证书转换学分"), _("人"), _("报告期那一年，转换为开放大学等学历教育学分的。"))
    parts_of_staff = (("studying", "headcount"), ("graduated", "headcount"), ("banked", "headcount"))

    class Meta:
        verbose_name = verbose_name_plural = _("学历继续教育与学分银行")


class MatchingForm(models.TextChoices):
    FAIR = "fair", _("校企对接会")
    PLATFORM = "platform", _("对接平台上线")
    CAMPUS = "campus", _("进校招聘")
    CONTRACT = "contract", _("订单签约")
    PROJECT = "project", _("培训项目开发")
    MECHANISM = "mechanism", _("转换机制建立")


class Matching(Record):
    """校企对接与就业服务: something done to bring young people and others into manufacturing
    (2025年方案：提供就业服务、转型服务)."""

    form = choice(_("形式"), MatchingForm)
    schools = count(_("参加院校"), _("所"))
    enterprises = count(_("参加企业"), _("家"), _("产改办举办的活动填。"))
    hired = count(_("达成录用"), _("人"), _("签订协议或者合同的，还没有的填 0。"))
    graduates = count(_("其中高校毕业生"), _("人"))
    projects = count(_("开发培训项目"), _("个"), _("适合高校毕业生、转岗人员等的职业（工种）培训项目。"))
    parts = (("graduates", "hired"),)

    class Meta:
        verbose_name = verbose_name_plural = _("校企对接与就业服务")


class SchoolEvaluation(Record):
    """技工院校在校生自主评价: the year's return of an office on schools of technicians that assess their students
    (2025年方案：推动技工院校全面开展在校生自主评价). Schools have no accounts, enterprises do not know.

    A city tells of the schools in it; the province of those that no city counts."""

    schools = count(
        _("开展自主评价的技工院校"), _("所"), _("报告期那一年，市填本市的，省只填各市没有统计的，没有填 0。")
    )
    students = count(_("参评在校生"), _("人"), _("报告期那一年，同一人只计一次，没有填 0。"))
    certified = count(_("取得证书"), _("人"))
    senior = count(_("其中高级工"), _("人"))
    parts = (("certified", "students"), ("senior", "certified"))

    class Meta:
        verbose_name = verbose_name_plural = _("技工院校在校生自主评价")


class Vocational(Record):
    """职业本科与贯通培养: the year's return of an office on vocational universities and on ways through
    (2025年方案：强化职业教育).

    A city tells of the schools in it; the province of those that no city counts."""

    colleges = count(_("职业本科院校"), _("所"), _("市填本市的，省只填各市没有统计的，没有填 0。"))
    planned = count(_("设立推进中的学校"), _("所"), _("以高等职业学校为基础、正在申请设立本科层次职业学校的。"))
    college_students = count(_("职业本科在校生"), _("人"))
    programmes = count(_("中职、高职、本科贯通培养项目"), _("个"))
    programme_students = count(_("贯通培养在校生"), _("人"))
    integrated = count(_("职普融通项目"), _("个"))
    universities = count(_("面向产业工人开展学历继续教育的高校"), _("所"))
    worker_students = count(_("其学员中产业工人"), _("人"))

    class Meta:
        verbose_name = verbose_name_plural = _("职业本科与贯通培养")
