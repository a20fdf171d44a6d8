"""Kinds of welfare and care: rest and recuperation, visits of condolence and congratulation, help in pairs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.core.fields import choice, count, money
from records.models import Record


class RecuperationOrganiser(models.TextChoices):
    ENTERPRISE = "firm", _("本企业")
    UPPER_UNION = "upper_union", _("上级工会")


class Recuperation(Record):
    """疗休养: one group sent to rest and recuperate.

    2022年实施意见第11条 “鼓励企业组织一线工人疗休养”; 2025年方案解读 “加大组织高技能人才等产业工人疗休养的力度”. Whoever
    organised a group files it, so that nobody is counted twice. What a group cost is asked once the province has decided so."""

    days = count(_("天数"), _("天"), _("从出发到返回，含路途。"))
    organiser = choice(
        _("组织者"), RecuperationOrganiser, _("谁组织、谁填报。上级工会组织的由上级工会填，本企业不再填。")
    )
    frontline_people = count(_("其中一线职工"), _("人"), _("同一人只计一次，没有填 0。"))
    skilled_people = count(_("其中高技能人才"), _("人"), _("高级工及以上的职工；没有填 0，没有统计的留空。"))
    cost = money(_("经费"), _("这一批的交通、食宿等全部费用，职工自己付的不算。"))
    parts = (("skilled_people", "number_of_people"),)
    usual_parts = (("frontline_people", "number_of_people"),)

    class Meta:
        verbose_name = verbose_name_plural = _("疗休养")


class Care(Record):
    """人文关怀与慰问: the quarter's return on visits to workers' families and on care for the mind.

    2022年实施意见第11条 “重视人文关怀和心理疏导，对新婚、生育、乔迁、住院、丧事的产业工人家庭开展慰问工作”. Counts only:
    nobody's name, illness or loss is asked, and no amount by occasion."""

    wedding = count(_("新婚慰问"), _("人次"), _("本季慰问的职工家庭，一家一次计一人次；没有填 0。"))
    birth = count(_("生育慰问"), _("人次"), _("没有填 0。"))
    moving = count(_("乔迁慰问"), _("人次"), _("没有填 0。"))
    hospital = count(_("住院慰问"), _("人次"), _("没有填 0。"))
    funeral = count(_("丧事慰问"), _("人次"), _("没有填 0。"))
    spent = count(_("慰问支出"), _("元"), _("以上五项本季合计，慰问品按买价折算；取整数。"))
    counselled = count(_("心理疏导服务"), _("人次"), _("本季接受咨询、疏导的职工，来一次计一人次；没有填 0。"))
    mental_lectures = count(_("心理健康讲座"), _("场"), _("没有填 0。"))

    class Meta:
        verbose_name = verbose_name_plural = _("人文关怀与慰问")


class Pairing(Record):
    """结对帮扶: the year's return on workers helped one to one (2022年实施意见第11条“完善‘一对一、点对点’结对帮扶机制”)."""

    pairs = count(_("年末结对"), _("对"), _("年末仍在结对的；师带徒不算在内，没有填 0。"))
    hardship_pairs = count(_("其中帮扶困难职工"), _("对"), _("没有填 0。"))
    visits = count(_("全年走访"), _("次"), _("上年度，结对的一方上门或到岗看望一次计一次。"))
    given = money(_("帮扶资金物资折价"), _("上年度合计，物资按买价折算；没有统计的留空。"))
    parts = (("hardship_pairs", "pairs"),)

    class Meta:
        verbose_name = verbose_name_plural = _("结对帮扶")
