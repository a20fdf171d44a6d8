"""职工教育经费: what an enterprise set aside and spent on training its workers, and on what."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.crud.choice_lists import IN_USE, ChoiceRow
from records.core.fields import count, money, yes_no
from records.models import LineOf, Record, RecordLine, line_reference


class SpendingPurpose(ChoiceRow):
    """What training funds may be spent for. Proposed are the eleven purposes of 财建〔2006〕317号, of which not all could be
    read in the paper itself: the province settles them."""

    view_permission = "skills.spending_purposes"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("职工教育经费支出用途")

    def get_absolute_url(self) -> str:
        return reverse("skills:spending_purpose", args=[self.code])


class TrainingFund(Record):
    """职工教育经费: the year's return on training funds (2022年实施意见第6条和“三、落实经费保障”).

    What was ``spent`` is what was incurred in the year, not what was set aside: the deduction is measured by it."""

    spent = money(_("实际发生额"), _("报告期那一年实际支出的职工教育经费，不是提取数。"))
    frontline = money(_("其中用于一线职工"), _("用于一线职工教育和培训的部分。"))
    accrued = money(_("提取额"), _("报告期那一年账上提取的；没有提取的填 0。"))
    trained = count(_("全年参训职工"), _("人"), _("一年里参加过培训的职工，每人只计一次。"))
    overseen = yes_no(_("使用情况经职代会审议监督"), _("向职代会报告过提取和使用情况的选是，尚未提交的选否。"))
    congress_topic = line_reference(
        _("职代会议题"),
        "rights.congresssession",
        ("教育经费", "培训经费"),
        _("从本企业已提交的职代会会议中选。"),
        answers="overseen",
        since_period=True,
    )
    spending: "tuple[Spending, ...]"
    parts = (("frontline", "spent"),)
    parts_of_staff = (("trained", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职工教育经费")


class Spending(RecordLine):
    """支出用途: how much of the year's training funds went into one purpose."""

    record = LineOf(TrainingFund, related_name="spending")
    purpose = models.ForeignKey(
        SpendingPurpose,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=IN_USE,
        verbose_name=_("用途"),
    )
    amount = money(_("金额"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("职工教育经费支出")
