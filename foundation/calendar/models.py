"""The working-day table: what differs from Monday to Friday, year by year, as the State Council publishes it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkYear(models.Model):
    """A year the table knows. Until it is settled, its days are a proposal, shown as 待核定."""

    year = models.PositiveSmallIntegerField(
        _("年份"), primary_key=True, validators=[MinValueValidator(2000), MaxValueValidator(2099)]
    )
    is_settled = models.BooleanField(_("已核定"), default=False)
    source = models.CharField(
        _("依据"), max_length=200, blank=True, help_text=_("例如国务院办公厅当年节假日安排通知的文号。")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工作日年度表")
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年"


class SpecialDay(models.Model):
    """A day that is not what its weekday says: a holiday between Monday and Friday, or a Saturday or Sunday worked."""

    day = models.DateField(_("日期"), primary_key=True)
    year = models.ForeignKey(WorkYear, models.CASCADE, related_name="days", db_column="year")
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=30, blank=True, help_text=_("例如春节、国庆节。"))

    class Meta:
        verbose_name = verbose_name_plural = _("调整的日子")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
