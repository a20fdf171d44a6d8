"""Which quarter a page of figures is about, and of which there can be a report."""

from collections.abc import Sequence

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from records.core.periods import first_quarter, since, working_quarter
from records.models import ReportingQuarter


def asked_quarter(asked: QueryDict, known: Sequence[ReportingQuarter]) -> Quarter:
    """The quarter asked for, else the one offices work on; 404 for one that is not among the ``known``, which are all."""
    wanted = asked.get("quarter", "")
    if not wanted:
        return working_quarter([row for row in known if row.is_open])
    if wanted not in {row.code for row in known}:
        raise Http404
    return Quarter.parse(wanted)


def why_no_report(quarter: Quarter) -> str:
    """Why of this quarter no report can be made; "" where one can."""
    if quarter > Quarter.current():
        return _("%s还没有开始，不能编制报告。请选择当前或以前的季度。") % quarter.label
    first = first_quarter()
    if first is None:
        return _("平台还没有填报季度，没有可以编制报告的数据。请先在“填报季度”中设立。")
    if quarter < first:
        text = _("%(quarter)s在平台启用之前，没有可以编制报告的数据。请选择%(first)s或以后的季度。")
        return text % {"quarter": quarter.label, "first": first.label}
    return ""


def reportable_quarters(most: int) -> list[Quarter]:
    """From the first quarter of the portal to the running one, the latest first, at most so many. Of what lies before
    there is nothing to say, and a report of it would say of everybody that they were silent."""
    now = Quarter.current()
    first = first_quarter() or now
    return since(first, reversed(now.trailing(most)))
