"""Lists that the province keeps for the kinds of workers' rights."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.crud.choice_lists import ChoiceRow

#: Grades of these orders, from 1, have a figure each.
GRADES_COUNTED = 5


class RiskGrade(ChoiceRow):
    """A grade of 用工风险评估. The standard's own scale could not be consulted, so the list ships empty: 待核定."""

    view_permission = "rights.risk_grades"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("用工风险评估等级")

    def get_absolute_url(self) -> str:
        return reverse("rights:risk_grade", args=[self.code])


class IncentiveItem(ChoiceRow):
    """激励与待遇项目: a way in which skill and innovation are rewarded. Both documents name some; the province settles the
    list."""

    view_permission = "rights.incentive_items"

    class Meta(ChoiceRow.Meta):
        verbose_name = verbose_name_plural = _("激励与待遇项目")

    def get_absolute_url(self) -> str:
        return reverse("rights:incentive_item", args=[self.code])
