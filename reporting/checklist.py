"""What whoever issues a report has to look at first. Each is a question: it may be issued all the same, knowing it."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.ratios import percent_of
from foundation.refusals import Question
from foundation.saying import filled
from indicators.queries import last_filled
from records.models import ReportingQuarter
from reporting.models import COMMENTARY_LABELS, Report
from reporting.rendering.glyphs import described, missing_glyphs


def before_issuing(report: Report) -> Iterator[Question]:
    """The questions about a report that has been built. Its figures are those of its snapshot, and so are the numbers
    asked about. Two queries."""
    snapshot, quarter = report.frozen(), report.period
    coverage = snapshot["coverage"]
    if missing := missing_glyphs(texts_of(report)):
        text = _("报告的字体里没有这些字符：%s。照此签发，印出来是方括号里的编码；请先改写，或在名录中改正后重新生成。")
        yield Question("glyphs", "", text % described(missing))
    row = ReportingQuarter.objects.filter(code=quarter.code).first()
    if row is None:
        text = _("平台没有开过%s的填报：企业没有填报过，也不能补报，报告里没有数字可说。")
        yield Question("quarter_unknown", "", text % quarter.label)
    elif row.is_open:
        text = _("%s还没有关闭：企业还能补报，签发后的报告不会随之更新。")
        yield Question("quarter_open", "", text % quarter.label)
    elif (known := last_filled(quarter)) and report.data_as_of and known > report.data_as_of:
        text = _("数据截至 %(then)s，之后（%(now)s）数字又有变化。需要最新数字的，请重新生成一份。")
        yield Question("older", "", text % {"then": _moment(report.data_as_of), "now": _moment(known)})
    if waiting := coverage.get("waiting"):
        text = _("数据截至时有 %d 条记录待审核，没有计入报告。")
        yield Question("waiting", "", filled(text, waiting))
    if overdue := coverage.get("overdue_reviews"):
        yield Question("overdue", "", filled(_("其中 %d 条超过审核期限。"), overdue))
    share = percent_of(coverage["reported"], coverage["enterprises"])
    if not coverage["reported"]:
        text = _("没有收到任何企业的填报（应填报 %d 家），报告里没有工作数据。")
        yield Question("coverage", "", filled(text, coverage["enterprises"]))
    elif share is not None and share < settings.REPORT_LEAST_COVERAGE:
        text = _("填报率只有 %(share)s%%（%(reported)d / %(all)d 家），低于 %(least)d%%。")
        values = {"share": share, "reported": coverage["reported"], "all": coverage["enterprises"]}
        yield Question("coverage", "", filled(text, {**values, "least": settings.REPORT_LEAST_COVERAGE}))
    if not report.commentary.get("plans", "").strip():
        text = _("“%s”还没有写，印出来没有这一部分。")
        yield Question("plans", "", text % COMMENTARY_LABELS["plans"])


def texts_of(report: Report) -> Iterator[tuple[str, str]]:
    """What is printed and comes from people: names of units, and the office's own words; each with where it stands."""
    snapshot = report.frozen()
    yield _("地区名称"), snapshot["region"]["name"]
    for unit in snapshot["units"]:
        yield _("单位“%s”的名称") % unit["name"], unit["name"]
    for indicator in snapshot["indicators"]:
        yield _("指标“%s”") % indicator["name"], indicator["name"]
    for part, label in COMMENTARY_LABELS.items():
        yield _("编制单位意见“%s”") % label, report.commentary.get(part, "")
    yield _("红头"), report.red_head


def _moment(at: datetime.datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
