"""What enterprises are urged about: a quarter not reported, a duty not handed in."""

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year
from notices.urging import Matter
from records.core.models import ReportingQuarter, ReportingYear


def open_row(quarter: Quarter) -> ReportingQuarter | None:
    """The quarter while it is open for filing."""
    return ReportingQuarter.objects.filter(code=quarter.code, is_open=True).first()


def takes_annual(quarter: Quarter) -> bool:
    """Whether annual returns that are owed with the quarter are still taken, though it may be closed itself. One query."""
    days = ReportingYear.objects.filter(is_open=True).values_list("enterprise_due", flat=True)
    return any(day in quarter for day in days)


def progress_matter(quarter: Quarter) -> Matter:
    return Matter(f"progress:{quarter.code}", _("%s填报") % quarter.label, reverse("records:list"))


def progress_sentence(row: ReportingQuarter) -> str:
    return _(
        "%(quarter)s的填报截止日期是 %(day)s，您单位还没有填报，或者还有应报事项没有报送。请尽快补齐并完成季度确认；确实没有开展活动的，请在工作台点“零报告”。"
    ) % {"quarter": row.quarter.label, "day": row.enterprise_due}


def duty_matter(quarter: Quarter, *, is_annual: bool = False) -> Matter:
    """``is_annual``: only the annual returns that are owed with the quarter."""
    url = f"{reverse('records:duties')}?quarter={quarter.code}&fact=DUT.missing"
    if is_annual:
        return Matter(f"duties:{quarter.code}", _("%s报表") % _year_before(quarter), f"{url}&rhythm=annual")
    return Matter(f"duties:{quarter.code}", _("%s应报事项") % quarter.label, url)


def _year_before(quarter: Quarter) -> str:
    return Year(quarter.year).previous().label


def duty_sentence(quarter: Quarter, *, is_annual: bool = False) -> str:
    if is_annual:
        text = _("您单位还有%s报表没有报送。请登录平台，在工作台“要办的事”中查看并尽快报送。")
        return text % _year_before(quarter)
    return _("您单位还有%s的应报事项没有报送。请登录平台，在工作台“应报事项”中查看并尽快报送。") % quarter.label
