"""What was found, as a sentence with its numbers: of whom, of when, against what."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, declared_facts
from foundation.saying import filled, in_marks
from foundation.ui.formats import amount, quantity
from reporting.quality.looking import Alike, watched
from reporting.quality.models import Finding, Sort


def fact_of(finding: Finding) -> Fact | None:
    """None for a fact that is declared no longer, and for findings of records."""
    return declared_facts(internal=True).get(finding.fact)


def label_of(finding: Finding) -> str:
    """What counts some of another ("其中一线职工人次") names that other as well: alone it says nothing."""
    fact, quarter = fact_of(finding), Quarter.parse(finding.quarter)
    if fact is None:
        return _("已停用的数据项")
    whole = declared_facts().get(watched().some_of.get(fact.code, ""))
    if whole is None:
        return fact.label_in(quarter)
    return _("%(whole)s：%(part)s") % {"whole": whole.label, "part": fact.label_in(quarter)}


def _times(finding: Finding) -> str:
    """How many times the larger is of the smaller, one decimal."""
    if not finding.value or not finding.compared:
        return ""
    larger, smaller = max(finding.value, finding.compared), min(finding.value, finding.compared)
    return amount(larger / smaller, 1)


_ALIKE = {
    Alike.DAY_AND_TITLE: gettext_lazy("类型、日期和标题相同"),
    Alike.DAY_AND_NUMBERS: gettext_lazy("类型、日期、人数和人次相同"),
    Alike.TITLE_AND_NUMBERS: gettext_lazy("类型、标题、人数和人次相同"),
}


def sentence(finding: Finding) -> str:
    details = finding.details
    if finding.sort == Sort.LATE:
        message = _("通过后被重新打开，改了数，%(day)s 再次通过；当季审核截止日是 %(due)s。")
        return message % {"day": details["day"], "due": details["due"]}
    if finding.sort == Sort.DUPLICATE:
        said = {
            "day": details["day"],
            "title": in_marks(details["title"]),
            "alike": _ALIKE[Alike(details["alike"])],
        }
        return _("与 %(day)s 的%(title)s相似：%(alike)s。") % said
    return _of_fact(finding, details)


def _of_fact(finding: Finding, details: dict[str, Any]) -> str:
    fact = fact_of(finding)
    unit, basis = (str(fact.unit), fact.year_basis) if fact else ("", None)
    said: dict[str, Any] = {
        "fact": in_marks(label_of(finding)),
        "value": quantity(finding.value, unit),
        "compared": quantity(finding.compared, unit),
        "times": _times(finding),
        "more": _("后者是前者的") if (finding.value or 0) < (finding.compared or 0) else _("前者是后者的"),
    }
    if finding.sort == Sort.PART:
        whole = declared_facts(internal=True).get(details["whole"])
        said["whole"] = in_marks(whole.label if whole else _("已停用的数据项"))
        # The years of a yearly figure stand in its name: the staff is that of the quarter it was looked at in.
        said["when"] = Quarter.parse(finding.quarter).label if basis else _("同一季度")
        message = _("%(fact)s是 %(value)s，超过%(when)s的%(whole)s（%(compared)s）。")
    elif finding.sort == Sort.PEERS:
        said |= {
            "rate": details["rate"],
            "middle": amount(finding.compared, 1),
            "enterprises": details["enterprises"],
            "unit": unit,
        }
        message = _(
            "%(fact)s是 %(value)s，每百名职工 %(rate)s %(unit)s；"
            "本县（市、区）同一行业门类 %(enterprises)d 家企业（含本企业）的中位数是 %(middle)s %(unit)s。"
        )
    elif finding.sort == Sort.CONSTANT:
        said["quarters"] = details["quarters"]
        message = _("%(fact)s连续 %(quarters)d 个季度都是 %(value)s。")
    elif finding.sort == Sort.JUMP:
        before = Quarter.parse(details["before"])
        said["before"] = basis.label_of_years(before) if basis else before.label
        message = _("%(fact)s是 %(value)s，%(before)s是 %(compared)s；%(more)s %(times)s 倍。")
    else:
        said["quarters"] = details["quarters"]
        message = _(
            "%(fact)s是 %(value)s，此前两年中不为零的 %(quarters)d 个季度的中位数是 %(compared)s；%(more)s %(times)s 倍。"
        )
    return filled(message, said)


def what(finding: Finding) -> str:
    """What the finding is about: a fact, or a record by its title."""
    if finding.record is not None:
        return finding.record.title
    return label_of(finding)
