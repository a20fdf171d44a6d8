"""Levels of skill: who holds which, standards for them, and the way from one sort of career to another."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.saying import filled
from records.core.fields import choice, count, text, yes_no
from records.models import Among, LineOf, Record, RecordLine, listed_name


class Ladder(Record):
    """技能人才结构: the year's return on how many hold each of the eight levels (2022年实施意见第7条；
    人社部发〔2022〕14号“新八级工”).

    From low to high: 学徒工, 初级工, 中级工, 高级工, 技师, 高级技师, 特级技师, 首席技师. ``skilled`` are the holders of a level
    from 初级工 on (an apprentice holds no certificate yet), ``highly_skilled`` those from 高级工 on: both are worked out and
    never typed."""

    #: The fields of the eight levels in their order.
    LEVELS = (
        "learners",
        "junior",
        "intermediate",
        "senior",
        "technician",
        "senior_technician",
        "special_technician",
        "chief_technician",
    )
    #: From this one on a level is told by its certificate; from the other on it is of the highly skilled.
    SKILLED_FROM, HIGHLY_SKILLED_FROM = "junior", "senior"

    learners = count(_("学徒工"), _("人"), _("报告期年末。"))
    junior = count(_("初级工（五级）"), _("人"), _("报告期年末，每人只按取得的最高等级计一次，没有填 0。"))
    intermediate = count(_("中级工（四级）"), _("人"))
    senior = count(_("高级工（三级）"), _("人"))
    technician = count(_("技师（二级）"), _("人"))
    senior_technician = count(_("高级技师（一级）"), _("人"))
    has_top_posts = yes_no(_("设有特级技师、首席技师岗位"))
    special_technician = count(_("特级技师"), _("人"), _("报告期年末已聘任的，没有填 0。"))
    special_posts = count(_("特级技师岗位"), _("个"))
    chief_technician = count(_("首席技师"), _("人"), _("报告期年末已聘任的，没有填 0。"))
    chief_posts = count(_("首席技师岗位"), _("个"))
    filed_for_assessment = yes_no(_("技能等级自主评价已备案"), _("已在人社部门备案、可以自主开展评价的，选“是”。"))
    skilled = models.PositiveBigIntegerField(_("技能人才"), null=True, editable=False)
    highly_skilled = models.PositiveBigIntegerField(_("高技能人才"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("技能人才结构")

    def clean(self) -> None:
        self.skilled = self._from(self.SKILLED_FROM)
        self.highly_skilled = self._from(self.HIGHLY_SKILLED_FROM)
        super().clean()

    def _from(self, level: str) -> int | None:
        """How many hold this level or a higher one; None while a level that everybody is asked for is empty. The two
        highest are asked for only where there are such posts."""
        held = [getattr(self, name) for name in self.LEVELS[self.LEVELS.index(level) :]]
        asked, top = held[:-2], held[-2:]
        return None if None in asked else sum(asked) + sum(number or 0 for number in top)


class StandardRole(models.TextChoices):
    LEAD = "lead", _("牵头")
    JOIN = "join", _("参与")


class StandardLevel(models.TextChoices):
    ENTERPRISE = "firm", _("企业")
    GROUP = "group", _("团体")
    LOCAL = "local", _("地方")
    NATION = "nation", _("国家")


class Standard(Record):
    """职业技能等级认定技术规范: a standard that was issued and that the enterprise wrote or helped to write
    (2022年实施意见第7条)."""

    trade = text(_("职业（工种）"), 120, _("按国家职业分类的名称，可填几种。"))
    role = choice(_("本单位角色"), StandardRole)
    level = choice(_("规范级别"), StandardLevel)
    number = text(_("编号"), 60, _("例如：T/JSXX 001—2026。"))
    adopters = count(_("采用企业"), _("家"), _("发布时已经确定采用的，含本企业。"))

    class Meta:
        verbose_name = verbose_name_plural = _("技能等级认定技术规范")


class Crossing(Record):
    """职称与技能贯通: the year's return on who went from one sort of career to another (2022年实施意见第7条).

    After how many years a level of skill answers to a title is settled by each province (江苏 待核定), so that nothing is
    measured by it here."""

    has_system = yes_no(_("已建立横向互通制度"), _("技术、技能、管理岗位可以相互转换的制度，有文件的选“是”。"))
    to_title = count(_("技能人才取得职称"), _("人"), _("报告期那一年，同一人只计一次。"))
    to_skill = count(_("专业技术人才取得技能等级"), _("人"), _("报告期那一年，同一人只计一次。"))
    to_management = count(_("技能、技术岗位转管理岗位"), _("人"), _("报告期那一年，同一人只计一次。"))
    by_patents = count(_("以知识产权支撑取得职称"), _("人"), _("报告期那一年，评审时使用了本人专利等知识产权的。"))
    first_place = count(
        _("创新奖第一完成人优先评审"), _("人"), _("报告期那一年，获得职工创新奖项、在职称评定中得到优先的第一完成人。")
    )
    parts_of_staff = (("to_title", "headcount"), ("to_skill", "headcount"), ("to_management", "headcount"))

    class Meta:
        verbose_name = verbose_name_plural = _("职称与技能贯通")


class AssessmentWay(models.TextChoices):
    OWN = "own", _("企业自主评价")
    SOCIAL = "social", _("社会评价")
    CONTEST = "contest", _("竞赛晋升")
    DIRECT = "direct", _("直接认定")


class SkillLevel(models.TextChoices):
    """The eight levels from low to high, as ``Ladder.LEVELS``."""

    LEARNER = "level1", _("学徒工")
    JUNIOR = "level2", _("初级工（五级）")
    INTERMEDIATE = "level3", _("中级工（四级）")
    SENIOR = "level4", _("高级工（三级）")
    TECHNICIAN = "level5", _("技师（二级）")
    SENIOR_TECHNICIAN = "level6", _("高级技师（一级）")
    SPECIAL = "level7", _("特级技师")
    CHIEF = "level8", _("首席技师")


class Evaluation(Record):
    """技能等级认定批次: one round of assessment with those who got a certificate, by level and trade
    (2022年实施意见第7条；第4条“晋级”). Who rose through a contest is counted here and in no other kind."""

    way = choice(_("认定方式"), AssessmentWay)
    certificates: "tuple[Certificates, ...]"
    promoted = count(_("其中晋升等级"), _("人"), _("取证人员中比原来等级高的，首次取证的不算。"))
    of_key_posts = yes_no(_("围绕关键工序或新兴工种"), _("本批次主要面向关键工序、新兴工种的，选“是”。"))
    contest_name = listed_name(
        _("所属竞赛"), Among.CONTEST, sorts=("competitions.contest",), hint=_("同名的几次竞赛，写编号。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("技能等级认定批次")

    @property
    def certified(self) -> int | None:
        """How many got a certificate; None where no line says."""
        said = [line.people for line in self.certificates if line.people is not None]
        return sum(said) if said else None

    def clean(self) -> None:
        super().clean()
        certified = self.certified
        if self.promoted is not None and certified is not None and self.promoted > certified:
            message = _("“其中晋升等级”（%(some)d 人）超过了取证人数合计（%(all)d 人）。请核对。")
            raise ValidationError({"promoted": filled(message, {"some": self.promoted, "all": certified})})


class Certificates(RecordLine):
    """取证人数: how many of one trade got the certificate of one level."""

    record = LineOf(Evaluation, related_name="certificates")
    level = choice(_("等级"), SkillLevel)
    trade = text(_("职业（工种）"), 80)
    people = count(_("取证人数"), _("人"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("取证人数")
