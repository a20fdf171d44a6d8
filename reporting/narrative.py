"""The report's sentences, generated from a snapshot in the official form (一是…二是…). They state facts and no more.

The wording is in ``reporting/sentences.py``. A *clause* is text with placeholders, printed only when every placeholder
is known; clauses are joined by ， unless one opens with ；:

``{B01.sessions}``                           the quarter's value
``{B01.sessions:ytd}``                       the year to date (known from the second quarter on)
``{B01.sessions:change}``                    the comparison with the quarter before, in words
``{B04.new_frontline/B04.new_members}``      a share in per cent, one decimal

A paragraph is a list of pieces: text, or ``{"fact": code, "text": "120"}`` for a number that opens its records.
"""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from foundation.facts.declaring import Nature
from foundation.labels import Label
from records.core.kinds import all_kinds
from reporting.numbers import difference, percent, running
from reporting.sentences import AREAS, ITEMS, Item

Piece = str | dict[str, str]
Paragraph = list[Piece]

_PLACEHOLDER = re.compile(r"\{([A-Z][\w.]*)(?::(ytd|change)|/([A-Z][\w.]*))?\}")
_DIGITS = "一二三四五六七八九十"
#: Facts of the register and of coverage speak in 总体情况, not under an area.
_GENERAL = ("REG.", "REP.", "STA.", "DUT.")
_NAMES_SHOWN = 10


class Wording:
    """Puts a snapshot's figures into clauses."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.figures = {one["code"]: one for one in snapshot["figures"]}
        self.is_first_quarter = snapshot["quarter"].endswith("Q1")

    def value(self, code: str) -> int | str | None:
        return self.figures[code]["value"] if code in self.figures else None

    def all_zero(self, item: Item) -> bool:
        """Nothing of what the item speaks of took place, as far as anybody reported."""
        return not any(Decimal(str(self.value(code) or 0)) for code in _codes(item))

    def clause(self, text: str) -> Paragraph | None:
        """The clause's pieces, or None when anything it needs is unknown."""
        pieces: Paragraph = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            found = self._fill(*match.groups())
            if found is None:
                return None
            pieces += [text[position : match.start()], found]
            position = match.end()
        pieces.append(text[position:])
        return [piece for piece in pieces if piece]

    def sentence(self, clauses: tuple[Label, ...]) -> Paragraph:
        """The known clauses, joined and closed."""
        known = [found for found in (self.clause(str(one)) for one in clauses) if found]
        return _joined(known) if known else []

    def _fill(self, code: str, modifier: str | None, whole: str | None) -> Piece | None:
        if code not in self.figures:
            return None
        if whole:
            return percent(self.value(code), self.value(whole))
        if modifier == "change":
            return self._change(self.figures[code])
        key = "year_to_date" if modifier == "ytd" else "value"
        number = self.figures[code][key]
        if number is None or (modifier == "ytd" and self.is_first_quarter):
            return None
        return running(number) if modifier else {"fact": code, "text": running(number)}

    @staticmethod
    def _change(figure: dict[str, Any]) -> str | None:
        """``比上季度增加20场，增长20.0%``; None unless both quarters are known."""
        change = difference(figure["value"], figure["previous"])
        if change is None:
            return None
        flows = figure["nature"] == Nature.FLOW
        if change == 0:
            return _("与上季度持平") if flows else _("与上季度末持平")
        since = _("比上季度") if flows else _("比上季度末")
        verb = _("增加") if change > 0 else _("减少")
        rate = percent(str(abs(change)), figure["previous"])
        grown = (_("增长") if change > 0 else _("下降")) + rate if rate else ""
        return f"{since}{verb}{abs(change)}{figure['unit']}" + (f"，{grown}" if grown else "")


def _joined(clauses: list[Paragraph]) -> Paragraph:
    """Clauses as one sentence. A clause that opens with ；keeps it, others are joined by ，."""
    pieces: Paragraph = []
    for clause in clauses:
        first = clause[0]
        opens_itself = isinstance(first, str) and first.startswith("；")
        if not pieces:
            pieces += [first.removeprefix("；") if isinstance(first, str) else first, *clause[1:]]
        else:
            pieces += ([] if opens_itself else ["，"]) + clause
    return [*pieces, "。"]


def _counted(paragraphs: list[tuple[str, Paragraph]]) -> list[Paragraph]:
    """一是…二是…: only one stands without a count."""
    if len(paragraphs) == 1:
        title, body = paragraphs[0]
        return [[f"{title}。", *body]]
    return [
        [f"{_DIGITS[index] if index < 10 else index + 1}是{title}。", *body]
        for index, (title, body) in enumerate(paragraphs)
    ]


def sections(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbered sections of the body. The fourth, 下一步打算, is the office's own and not generated."""
    wording = Wording(snapshot)
    return [
        {"key": "overview", "title": _("一、总体情况"), "paragraphs": _overview(snapshot, wording), "groups": []},
        {
            "key": "progress",
            "title": _("二、重点工作进展"),
            "paragraphs": _progress_lead(wording),
            "groups": _groups(wording),
        },
        {"key": "problems", "title": _("三、存在问题"), "paragraphs": _problems(snapshot, wording), "groups": []},
        {"key": "plans", "title": _("四、下一步打算"), "paragraphs": [], "groups": []},
    ]


def _area_word(snapshot: dict[str, Any]) -> str:
    return {"province": _("全省"), "city": _("全市")}.get(snapshot["region"]["level"], _("本地区"))


def _overview(snapshot: dict[str, Any], wording: Wording) -> list[Paragraph]:
    coverage = snapshot["coverage"]
    area = {"area": _area_word(snapshot)}
    if wording.value("REG.enterprises") is None and not coverage["reported"]:
        return [[_("%(area)s本季度未收到填报数据，也没有企业名录的统计。") % area]]
    if not coverage["enterprises"]:
        return [[_("%(area)s尚未登记参加产业工人队伍建设改革的企业，本季度未收到填报数据。") % area]]
    register = wording.sentence(
        (
            _("%(area)s登记参加产业工人队伍建设改革的企业{REG.enterprises}家") % area,
            _("其中试点企业{REG.pilots}家"),
            _("；职工{REG.headcount}人"),
            _("其中一线职工{REG.frontline}人"),
            _("；已建立党组织的企业{REG.party_orgs}家"),
            _("；已建立工会组织的企业{REG.unions}家"),
            _("；产改指导员、联络员、观察员配齐的企业{REG.instructors}家"),
        )
    )
    return [part for part in (register, _coverage(snapshot)) if part]


def _coverage(snapshot: dict[str, Any]) -> Paragraph:
    coverage = snapshot["coverage"]
    all_of_them, reported, nil = coverage["enterprises"], coverage["reported"], coverage["nil"]
    if not reported:
        return [_("本季度未收到填报数据：应填报企业%(all)d家，均未填报。") % {"all": all_of_them}]
    text = _("本季度应填报企业%(all)d家，已填报%(reported)d家，填报率%(rate)s；其中零报告%(nil)d家。") % {
        "all": all_of_them,
        "reported": reported,
        "rate": percent(reported, all_of_them),
        "nil": nil,
    }
    if coverage["due"]:
        text += _("应报事项%(due)d项，按时完成%(on_time)d项，按时率%(rate)s。") % {
            "due": coverage["due"],
            "on_time": coverage["on_time"],
            "rate": percent(coverage["on_time"], coverage["due"]),
        }
    return [text]


def _progress_lead(wording: Wording) -> list[Paragraph]:
    if any(one["value"] is not None for code, one in wording.figures.items() if not code.startswith(_GENERAL)):
        return []
    return [[_("本季度未收到填报数据，各项工作数据均为未填报。")]]


def _groups(wording: Wording) -> list[dict[str, Any]]:
    """（一）思想引领 and so on: areas with at least one known figure."""
    groups: list[dict[str, Any]] = []
    items = [*ITEMS, *_undeclared_items(wording)]
    for area, title in AREAS.items():
        told = [item for item in items if item.area == area and not (item.only_if_any and wording.all_zero(item))]
        bodies = [(str(item.title), wording.sentence(item.clauses)) for item in told]
        known = [(heading, body) for heading, body in bodies if body]
        if known:
            groups.append({"key": area, "title": f"（{_DIGITS[len(groups)]}）{title}", "paragraphs": _counted(known)})
    return groups


def _codes(item: Item) -> set[str]:
    """The facts an item speaks of."""
    found = (match for clause in item.clauses for match in _PLACEHOLDER.finditer(str(clause)))
    return {code for match in found for code in (match[1], match[3]) if code}


def _undeclared_items(wording: Wording) -> list[Item]:
    """A kind whose facts no sentence above names still speaks: its label, then each fact with value and unit."""
    named = {code for item in ITEMS for code in _codes(item)}
    found = []
    for kind in all_kinds():
        facts = [fact for fact in kind.facts if fact.code in wording.figures and fact.code not in named]
        if facts:
            clauses = tuple(f"{fact.label}{{{fact.code}}}{fact.unit}" for fact in facts)
            found.append(Item(kind.area, kind.label, clauses))
    return found


def _problems(snapshot: dict[str, Any], wording: Wording) -> list[Paragraph]:
    if not snapshot["coverage"]["enterprises"]:
        return [[_("没有可供分析的填报数据。")]]
    found = [part for part in (_silent_units(snapshot), _late(snapshot), _empty_teams(wording)) if part]
    if not found:
        return [[_("本季度各单位均有填报，应报事项均按时完成，未见党员空白班组。")]]
    return _counted(found)


def _silent_units(snapshot: dict[str, Any]) -> tuple[str, Paragraph] | None:
    silent = [unit for unit in snapshot["units"] if unit["enterprises"] and not unit["reported"]]
    coverage = snapshot["coverage"]
    missing = coverage["enterprises"] - coverage["reported"]
    if not missing:
        return None
    text = _("本季度尚有%(missing)d家企业未填报") % {"missing": missing}
    if silent and snapshot["units_are"] != "enterprise":
        names = "、".join(unit["name"] for unit in silent[:_NAMES_SHOWN])
        more = _("等%d个地区") % len(silent) if len(silent) > _NAMES_SHOWN else ""
        text += _("，其中%(names)s全部未填报") % {"names": names + more}
    return _("填报尚未全覆盖"), [f"{text}。"]


def _late(snapshot: dict[str, Any]) -> tuple[str, Paragraph] | None:
    """Only once the day has passed: before it nothing is late."""
    coverage = snapshot["coverage"]
    as_of = (snapshot["data_as_of"] or "")[:10]
    late = coverage["due"] - coverage["on_time"]
    if late <= 0 or as_of <= snapshot["due_on"]:
        return None
    return _("部分应报事项未按时完成"), [
        _("应报事项%(due)d项中，%(late)d项未按时完成，占%(rate)s。")
        % {"due": coverage["due"], "late": late, "rate": percent(late, coverage["due"])}
    ]


def _empty_teams(wording: Wording) -> tuple[str, Paragraph] | None:
    if not wording.value("B05.empty_teams"):
        return None
    return _("党员空白班组尚未清零"), wording.sentence((_("国有企业仍有党员空白班组{B05.empty_teams}个"),))
