"""The report's sentences, generated from a snapshot in the official form (一是…二是…). They state facts and no more.

The wording is declared by the rooms (``foundation.facts.sentences``). A *clause* is text with placeholders, printed only when every placeholder
is known and it speaks of something; clauses are joined by ， unless one opens with ；:

``{B01.sessions}``                           the quarter's value
``{B01.sessions:ytd}``                       the year to date (known from the second quarter on)
``{B01.sessions:ytd_change}``                its comparison with the same time of the year before, in words
``{B01.sessions:change}``                    the comparisons with the quarter before and the year before, in words
``{B05.empty_teams:reporting}``              how many enterprises stand behind the value
``{A06.included:year}``                      the year that a yearly figure stands for
``{B04.new_frontline/B04.new_members}``      a share in per cent, one decimal; none of fewer than ten

Parts of a clause set apart by 、 are dropped one by one where they are zero; what they have in common stands in front: 其中,
the year, 据最近一次年报， (said once while it holds), words that end with ：. A part without a number belongs to the next. Parts
that some left empty where they told the whole say so (``（另有60人次未填这一项）``). A
paragraph is a list of pieces: text, or
``{"fact": code, "text": "120"}`` for a number that opens its records.
"""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter, Year
from foundation.facts.declaring import (
    Nature,
    SpeaksOf,
    codes_about,
    declared_facts,
    extent_facts,
    key_facts,
    printed_facts,
)
from foundation.facts.sentences import Item, all_items, all_problems
from foundation.labels import Label
from foundation.places.models import Level
from foundation.ui.formats import growth
from indicators.queries import COVERAGE_FACTS, left_empty
from records.core.kinds import all_kinds, area_label, facts_of_offices
from reporting.numbers import chinese_day, chinese_number, difference, rate, running
from reporting.parts import left_empty_said
from reporting.sentences import AREAS, REGISTER

Piece = str | dict[str, str]
Paragraph = list[Piece]

_PLACEHOLDER = re.compile(r"\{([A-Z][\w.]*)(?::(ytd|ytd_change|change|reporting|year)|/([A-Z][\w.]*))?\}")
#: What stands as of the last annual return opens so.
_LAST_RETURN = "据最近一次年报，"
#: How a clause opens, and what may be dropped from it part by part.
_OPENING = re.compile(rf"(；?(?:其中)?(?:{_LAST_RETURN})?(?:\{{[\w.]+:year\}})?(?:[^{{}}、，]*：)?)(.*)")
#: How a clause begins that tells parts of what the clause before it tells.
_PART = "其中"
#: How one begins that tells the share of such a part.
_SHARE = "占"
#: A clause of another time: what stands as of the last annual return has to be said again.
_OTHER_TIME = re.compile(r"本季度|季末|今年以来|:year\}")
#: The placeholders that tell a number of their own; the others say of how many it is made, or of which year.
_NUMBERS = ("", "ytd", "change", "ytd_change")
#: What compares, and which of a figure's comparisons it tells.
_CHANGES = {"change": ("comparison", "over_year"), "ytd_change": ("to_date_over_year",)}
#: How the comparison of what fell to nothing begins.
_NOTHING = "为0，"
_NAMES_SHOWN = 10
#: How many units are named where most of something is missing.
_MOST_SHOWN = 3


class Wording:
    """Puts a snapshot's figures into clauses."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.figures = {one["code"]: one for one in snapshot["figures"]}
        self.is_first_quarter = snapshot["quarter"].endswith("Q1")
        self.closed_year = Year(Quarter.parse(snapshot["quarter"]).year).previous()
        self.enterprises = snapshot["coverage"]["enterprises"]
        self.has_offices_below = snapshot["region"]["level"] in (Level.PROVINCE, Level.CITY)

    def value(self, code: str) -> int | str | None:
        return self.figures[code]["value"] if code in self.figures else None

    def is_nothing(self, codes: set[str]) -> bool:
        """None of these figures is anything, now, in the quarter before or a year before, as far as anybody reported."""
        compared = [one for code in codes for one in _comparisons(self.figures.get(code, {}))]
        values = [self.value(code) for code in codes] + [one["before"] for one in compared]
        return not any(Decimal(str(value or 0)) for value in values)

    def is_growing(self, item: Item) -> bool:
        """A figure of an item, of which less would be better, is more than it was: in the quarter before, or where there is
        nothing of it, a year before."""
        compared = [_comparisons(self.figures.get(code, {}))[:1] for code in _codes(*item.clauses)]
        return any((difference(one["value"], one["before"]) or 0) > 0 for found in compared for one in found)

    def clause(self, text: str, unsaid: Callable[[str], str] | None = None) -> Paragraph | None:
        """The clause's pieces, or None when anything it needs is unknown or there is nothing to say. ``unsaid``: what is to be
        said behind a part's number of those that left it empty; where it is the same of all parts, once behind the last."""
        opening, body = _OPENING.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches every text
        parts = [part for part in _parts(body) if not self._is_empty(part)]
        opened = self._part(opening)
        if not parts or opened is None:
            return None
        told = [self._part(part) for part in parts]
        known = [pieces for pieces in told if pieces is not None]
        if len(known) < len(told):
            return None
        if unsaid is not None:
            notes = ["".join(unsaid(code) for code in _codes(part)) for part in parts]
            is_one = len(set(notes)) == 1
            for number, (pieces, note) in enumerate(zip(known, notes, strict=True), start=1):
                if note and (not is_one or number == len(known)):
                    pieces.append(note)
        found = [*opened, *(_shared(known) or _listed(known))]
        return [piece for piece in found if piece]

    def _unsaid(self, code: str, *, later: Sequence[str]) -> str:
        """``（另有60人次未填这一项）``: how much of the whole was told by rows that left the part empty. Empty where there was none,
        where it is not counted, and where a share that follows says of how much it speaks."""
        said = left_empty_of(self.figures, code)
        if not said or any(f"{{{code}/" in text and self.clause(text) for text in later):
            return ""
        return _("（%s）") % said

    def _is_empty(self, text: str) -> bool:
        """The part tells numbers, and one of them is zero, or all are unknown: what was something before is told by what
        compares."""
        said = [(match[1], match[2] or "") for match in _PLACEHOLDER.finditer(text)]
        told = [self._numbers_of(code, modifier) for code, modifier in said if modifier in _NUMBERS]
        return bool(told) and (not any(told) or any(numbers and not any(numbers) for numbers in told))

    def _numbers_of(self, code: str, modifier: str) -> list[Decimal]:
        """What a placeholder tells of a figure, as far as it is known: of what compares both sides of each comparison."""
        figure: dict[str, Any] = self.figures.get(code, {})
        if modifier in _CHANGES:
            values = [one[side] for one in _comparisons(figure, modifier) for side in ("value", "before")]
        else:
            values = [figure.get("year_to_date" if modifier == "ytd" else "value")]
        return [Decimal(str(value)) for value in values if value is not None]

    def _part(self, text: str) -> Paragraph | None:
        pieces: Paragraph = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            found = self._fill(*match.groups())
            if found is None:
                return None
            pieces += [text[position : match.start()], found]
            position = match.end()
        return [*pieces, text[position:]]

    def sentence(self, clauses: tuple[Label, ...]) -> Paragraph:
        """The known clauses, joined and closed."""
        known: list[Paragraph] = []
        is_parted = is_of_last_return = False
        texts = [str(clause) for clause in clauses]
        for number, text in enumerate(texts):
            is_part = text.removeprefix("；").startswith(_PART)
            later = texts[number + 1 :]
            found = self.clause(text, functools.partial(self._unsaid, later=later) if is_part else None)
            # Where the clause that opens a new matter is left out, the next one opens it.
            is_parted = is_parted or text.startswith("；")
            if found:
                if text.removeprefix("；").startswith(_LAST_RETURN):
                    if is_of_last_return:
                        found[0] = str(found[0]).replace(_LAST_RETURN, "", 1)
                    is_of_last_return = True
                elif _OTHER_TIME.search(text):
                    is_of_last_return = False
                first = found[0]
                opens_itself = isinstance(first, str) and first.startswith("；")
                known.append(["；", *found] if is_parted and not opens_itself else found)
                is_parted = False
        return _joined(known) if known else []

    def _fill(self, code: str, modifier: str | None, whole: str | None) -> Piece | None:
        if code not in self.figures:
            return None
        figure = self.figures[code]
        if whole:
            return self._share(figure, whole)
        if modifier == "year":
            return self.closed_year.label
        if modifier in _CHANGES:
            return self._changes(figure, modifier)
        if modifier == "reporting":
            return running(figure["reporting"]) if figure["reporting"] else None
        number = figure["year_to_date" if modifier == "ytd" else "value"]
        if number is None or (modifier == "ytd" and self.is_first_quarter):
            return None
        return running(number) if modifier else {"fact": code, "text": running(number)}

    def _share(self, figure: dict[str, Any], whole: str) -> str | None:
        """``66.6%``; of a part that some left empty only over those that told it, and it says over how many:
        ``74.2%（按填了这一项的3576人次算）``."""
        part, of_all = figure["value"], self.value(whole)
        base = ""
        if "share" in figure:
            if figure["share"] is None:
                return None
            part, told = figure["share"]
            if told != of_all:
                base = _("（按填了这一项的%(number)s%(unit)s算）") % {
                    "number": running(told),
                    "unit": self.figures[whole]["unit"],
                }
            of_all = told
        share = rate(part, of_all) if part and Decimal(part) else None
        return f"{share}{base}" if share else None

    def _changes(self, figure: dict[str, Any], modifier: str) -> str | None:
        """``比上季度增加20场（+20.0%），同比增长8.1%``: each comparison that there is of anything; None where there is
        none."""
        told: list[str] = []
        for name, compared in _named_comparisons(figure, modifier):
            if not Decimal(str(compared["value"])) and not Decimal(str(compared["before"])):
                continue
            text = self._change(figure, name, compared)
            # That it is nothing now is said once.
            told.append(text.removeprefix(_NOTHING) if told and told[0].startswith(_NOTHING) else text)
        return "，".join(told) or None

    def _change(self, figure: dict[str, Any], name: str, compared: dict[str, Any]) -> str:
        """``比上季度增加20场（+20.0%）``, ``同比增长8.1%``. What returns tell is compared over the enterprises that reported it both
        times, and says over how many."""
        naming = self._naming(figure, name)
        change = difference(compared["value"], compared["before"]) or Decimal(0)
        among = _("可比企业%d家") % compared["enterprises"] if compared["enterprises"] is not None else ""
        if change == 0:
            return among + _("与%s持平") % naming.before
        if not Decimal(str(compared["value"])):
            # Its own clause tells no zero: what fell to nothing says so here. A share of it says nothing.
            said = {"time": naming.before, "before": running(compared["before"]), "unit": figure["unit"]}
            return among + _NOTHING + _("%(time)s%(before)s%(unit)s") % said
        share = growth(compared["value"], compared["before"], compared["enterprises"])
        if name != "comparison" and share:
            return among + naming.since + (_("增长%s") if change > 0 else _("下降%s")) % share.lstrip("+-")
        verb = _("增加") if change > 0 else _("减少")
        return f"{among}{naming.since}{verb}{abs(change)}{figure['unit']}" + (f"（{share}）" if share else "")

    def _naming(self, figure: dict[str, Any], name: str) -> "_Naming":
        """How a sentence calls the time that a figure is compared with, and opens the comparison."""
        if name == "comparison":
            before = _("上季度") if figure["nature"] == Nature.FLOW else _("上季度末")
            return _Naming(before, _("比%s") % before)
        fact = declared_facts().get(figure["code"])
        if fact is not None and fact.year_basis is not None:
            return _Naming(_("上年度"), _("比上年度"))
        return _Naming(_("上年同期"), _("同比"))


def left_empty_of(figures: Mapping[str, dict[str, Any]], code: str) -> str:
    """``另有60人次未填这一项`` of a part among a snapshot's figures; empty where nothing was left empty, or it is no part."""
    fact, figure = declared_facts().get(code), figures.get(code, {})
    share = figure.get("share")
    if fact is None or not share or fact.whole not in figures:
        return ""
    value, whole, part, told = (
        None if number is None else Decimal(str(number))
        for number in (figure["value"], figures[fact.whole]["value"], *share)
    )
    sides = None if part is None or told is None else (part, told)
    return left_empty_said(code, left_empty(value, whole, sides), str, unit=figures[fact.whole]["unit"])


class _Naming(NamedTuple):
    before: str
    since: str


def _named_comparisons(figure: dict[str, Any], modifier: str = "change") -> list[tuple[str, dict[str, Any]]]:
    """A figure's comparisons that there are, by the names under which the snapshot keeps them; one of before has no 同比."""
    found = ((name, figure.get(name)) for name in _CHANGES[modifier])
    return [(name, compared) for name, compared in found if compared]


def _comparisons(figure: dict[str, Any], modifier: str = "change") -> list[dict[str, Any]]:
    return [compared for _name, compared in _named_comparisons(figure, modifier)]


def _parts(body: str) -> list[str]:
    """What 、 sets apart: each part with a number, pending before it included."""
    parts: list[str] = []
    pending = ""
    for text in body.split("、"):
        pending = f"{pending}、{text}" if pending else text
        if any((match[2] or "") in _NUMBERS for match in _PLACEHOLDER.finditer(pending)):
            parts.append(pending)
            pending = ""
    if pending and parts:
        parts[-1] += f"、{pending}"
    return parts or [body]


def _listed(parts: list[Paragraph]) -> Paragraph:
    return [piece for number, part in enumerate(parts) for piece in (("、", *part) if number else part)]


def _shared(parts: list[Paragraph]) -> Paragraph | None:
    """Parts that end with one and the same share tell it once: 养老保险参保率、医疗保险参保率均为100.0%. None for others."""
    # A part's last piece is the text behind its number: nothing, where the number ends it.
    ends = {tuple(map(str, part[-2:])) for part in parts}
    if len(parts) == 1 or len(ends) > 1:
        return None
    [(share, behind)] = ends
    if behind or not share.endswith("%"):
        return None
    return [*_listed([part[:-2] for part in parts]), _("均为"), share]


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
    return [[f"{chinese_number(number)}是{title}。", *body] for number, (title, body) in enumerate(paragraphs, start=1)]


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


def area_word(region: dict[str, Any]) -> str:
    """How a report calls the whole of its region: 全省, 全市, 全区, 全县."""
    by_level = {"province": _("全省"), "city": _("全市")}
    by_name = {"县": _("全县"), "市": _("全市")}
    return by_level.get(region["level"]) or by_name.get(region["name"][-1], _("全区"))


def _overview(snapshot: dict[str, Any], wording: Wording) -> list[Paragraph]:
    coverage = snapshot["coverage"]
    area = area_word(snapshot["region"])
    if wording.value(COVERAGE_FACTS["enterprises"]) is None and not coverage["reported"]:
        return [[_("%s本季度未收到填报数据，也没有企业名录的统计。") % area]]
    if not coverage["enterprises"]:
        return [[_("%s尚未登记参加产业工人队伍建设改革的企业，本季度未收到填报数据。") % area]]
    register = wording.sentence(REGISTER)
    return [[area, *register] if register else [], [_coverage(snapshot)]]


def _coverage(snapshot: dict[str, Any]) -> str:
    coverage = snapshot["coverage"]
    all_of_them, reported, nil = coverage["enterprises"], coverage["reported"], coverage["nil"]
    if reported:
        text = _("本季度应填报企业%(all)d家，已填报%(reported)d家") % {"all": all_of_them, "reported": reported}
        if share := rate(reported, all_of_them):
            text += _("，填报率%s") % share
        text += _("；其中零报告%d家。") % nil if nil else "。"
    else:
        text = _("本季度未收到填报数据：应填报企业%d家，均未填报。") % all_of_them
    return text + _duties(snapshot) + _of_the_year(snapshot) + _undecided(coverage)


def _duties(snapshot: dict[str, Any]) -> str:
    coverage = snapshot["coverage"]
    due, done, on_time = coverage["due"], coverage["done"], coverage["on_time"]
    if not due:
        return ""
    if not _is_over(snapshot):
        text = (
            _("应报事项%(due)d项，已报%(done)d项，截止日期%(day)s未到。")
            if done
            else _("应报事项%(due)d项，截止日期%(day)s未到。")
        )
        return str(text % {"due": due, "done": done, "day": chinese_day(snapshot["due_on"])})
    if not on_time:
        return str(_("应报事项%d项，均未按时完成。") % due)
    text = _("应报事项%(due)d项，按时完成%(on_time)d项") % {"due": due, "on_time": on_time}
    share = rate(on_time, due)
    return text + (_("，按时率%s。") % share if share else "。")


def _of_the_year(snapshot: dict[str, Any]) -> str:
    """Which year the yearly figures stand for, and what of it is still out. Snapshots of before say nothing of it."""
    yearly = snapshot.get("yearly")
    if not yearly or not yearly["owed"]:
        return ""
    said = {"year": yearly["label"], "owed": yearly["owed"], "done": yearly["done"]}
    left = yearly["owed"] - yearly["done"]
    overdue = yearly.get("overdue", 0)
    if not yearly["done"]:
        text = (
            _("年度数据为%(year)s，应报年度报表%(owed)d份，均逾期未报。")
            if overdue == left
            else _("年度数据为%(year)s，应报年度报表%(owed)d份，均未报。")
        )
        return str(text % said)
    text = str(_("年度数据为%(year)s，应报年度报表%(owed)d份，已报%(done)d份") % said)
    if left and overdue == left:
        return text + str(_("，尚有%d份逾期未报。") % left)
    return text + (str(_("，尚有%d份未报。") % left) if left else "。")


def _undecided(coverage: dict[str, Any]) -> str:
    """What the figures do not hold yet."""
    if not coverage["waiting"]:
        return ""
    return str(_("另有%d条记录待审核，未计入本报告。") % coverage["waiting"])


def _is_over(snapshot: dict[str, Any]) -> bool:
    """The day by which enterprises report has passed when the figures were read: before it nothing is late."""
    return bool((snapshot["data_as_of"] or "")[:10] > snapshot["due_on"])


def _is_running(snapshot: dict[str, Any]) -> bool:
    """The figures were read while everybody still had time."""
    return bool(snapshot["data_as_of"]) and not _is_over(snapshot)


def _progress_lead(wording: Wording) -> list[Paragraph]:
    general = codes_about(SpeaksOf.REGISTER, SpeaksOf.COVERAGE)
    told = [one["value"] for code, one in wording.figures.items() if code not in general]
    if all(value is None for value in told):
        return [[_("本季度未收到填报数据，各项工作数据均为未填报。")]]
    return []


def _groups(wording: Wording) -> list[dict[str, Any]]:
    """（一）思想引领 and so on: areas with at least one figure to speak of."""
    groups: list[dict[str, Any]] = []
    items = [*all_items(), *_undeclared_items(wording)]
    for area in AREAS:
        bodies = [(str(item.title), _told(item, wording)) for item in items if item.area == area]
        known = [(heading, body) for heading, body in bodies if body]
        if known:
            groups.append(
                {
                    "key": area,
                    "title": f"（{chinese_number(len(groups) + 1)}）{area_label(area)}",
                    "paragraphs": _counted(known),
                }
            )
    return groups


def _told(item: Item, wording: Wording) -> Paragraph:
    if item.lower_is_better and wording.is_growing(item):
        return []
    codes = _codes(*item.clauses)
    if item.when_none and all(wording.value(code) == 0 for code in codes):
        return wording.sentence((item.when_none,))
    if wording.is_nothing(codes):
        return []
    told = wording.sentence(item.clauses)
    if told and wording.has_offices_below and codes <= facts_of_offices():
        # Beside figures of enterprises nobody would guess of how few these are.
        offices = max(wording.figures[code]["reporting"] for code in codes if code in wording.figures)
        told[-1] = _("（%d个产改办填报）。") % offices
    elif told and (states := {code for code in codes & _told_by_returns() if wording.value(code)}):
        # How things stand at the quarter's end is known of those that reported: with fewer of them the number is smaller.
        enterprises = max(wording.figures[code]["reporting"] for code in states)
        if enterprises < wording.enterprises:
            told[-1] = _("，由%d家企业填报。") % enterprises
    return told


def _told_by_returns() -> set[str]:
    """The facts of the returns of a quarter that say how things stand at its end."""
    facts = declared_facts().values()
    return {
        fact.code for fact in facts if fact.of_return and fact.nature is not Nature.FLOW and fact.year_basis is None
    }


def _codes(*clauses: Label) -> set[str]:
    """The facts that clauses speak of."""
    found = (match for clause in clauses for match in _PLACEHOLDER.finditer(str(clause)))
    return {code for match in found for code in (match[1], match[3]) if code}


def in_order_of_sentences() -> dict[str, bool]:
    """Every fact the sentences speak of, in their order, and whether it is a part of the one before it (其中)."""
    found: dict[str, bool] = {}
    items = sorted(all_items(), key=lambda item: AREAS.index(item.area))
    whole: list[str] = []
    for clause in [*REGISTER, *(clause for item in items for clause in item.clauses)]:
        text = str(clause).removeprefix("；")
        is_part = text.startswith((_PART, _SHARE))
        told = _own_numbers_in(text)
        for match in _PLACEHOLDER.finditer(text):
            found.setdefault(match[1], is_part and _is_of_one(match[1], whole))
        if told and not is_part:
            whole = told
    return found


def _own_numbers_in(text: str) -> list[str]:
    """The figures whose own numbers a clause tells."""
    return [match[1] for match in _PLACEHOLDER.finditer(text) if not match[2] and not match[3]]


def _is_of_one(part: str, whole: Sequence[str]) -> bool:
    """What is a part of several figures together (发明、实用新型、外观设计专利) is no part of the last of them."""
    facts = declared_facts()
    return part in facts and sum(facts[code].unit == facts[part].unit for code in whole if code in facts) < 2


def leading_facts() -> set[str]:
    """What a print tells of over several quarters: the figure each item opens with and the parts (其中) told right behind it,
    those declared as key figures, as the extent of an area or as a column by unit, and those that are a problem while
    there is any."""
    declared = {fact.code for fact in (*key_facts(), *extent_facts(), *printed_facts())}
    opening = {code for item in all_items() for code in _opening_of([str(clause) for clause in item.clauses])}
    return declared | opening | {problem.fact for problem in all_problems()}


def _opening_of(clauses: Sequence[str]) -> Iterator[str]:
    if match := _PLACEHOLDER.search(clauses[0]):
        yield match[1]
    parts = list(itertools.takewhile(lambda clause: clause.startswith((_PART, _SHARE)), clauses[1:]))
    # Parts of several figures together stand behind all of them.
    yield from _own_numbers_in(clauses[0]) if parts else ()
    yield from (match[1] for clause in parts for match in _PLACEHOLDER.finditer(clause) if clause.startswith(_PART))


def _undeclared_items(wording: Wording) -> list[Item]:
    """A kind whose facts no sentence above names still speaks: its label, then each fact with value and unit."""
    named = {code for item in all_items() for code in _codes(*item.clauses)}
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
    told = (
        _silent_units(snapshot),
        *_not_done(snapshot),
        *_not_done_of_the_year(snapshot),
        _overdue_reviews(snapshot),
        _breaches(snapshot),
        *_standing_problems(snapshot, wording),
    )
    found = [part for part in told if part]
    if found:
        return _counted(found)
    if _is_running(snapshot):
        day = chinese_day(snapshot["due_on"])
        return [[_("填报截止日期%s未到，各单位是否按时填报、应报事项是否按时完成尚不能评价。") % day]]
    told_of = [_("本季度各单位均有填报")]
    if snapshot["coverage"]["due"]:
        told_of.append(_("应报事项均按时完成"))
    if wording.value("B05.empty_teams") is not None:
        told_of.append(_("未见党员空白班组"))
    return [["，".join(told_of) + "。"]]


def _named(names: list[str], in_all: str) -> str:
    """The first names of a list, and how many there are in all when not every one is named."""
    text = "、".join(names[:_NAMES_SHOWN])
    return text + in_all % len(names) if len(names) > _NAMES_SHOWN else text


def _told_in(unit: dict[str, Any], code: str) -> Decimal:
    """A figure of one unit, 0 where it told none; whole numbers without decimals."""
    number = Decimal(str(unit["values"].get(code) or 0))
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _less(unit: dict[str, Any], *, more: str, less: str) -> Decimal:
    """By how much one figure of coverage of a unit exceeds another."""
    return _told_in(unit, COVERAGE_FACTS[more]) - _told_in(unit, COVERAGE_FACTS[less])


def _concentrated(snapshot: dict[str, Any], missing: Callable[[dict[str, Any]], int | Decimal], unit: str) -> str:
    """Where something is missing, most first: ``，较多的是甲县（5家）、乙县（3家）``, those with more than all the rest; or
    all of them where they are few, without the number where it is one. Where nobody stands out of many, they are named
    without numbers. Empty where nothing is missing, or something everywhere and nowhere more. An enterprise is concerned by
    what is missing and not always the one that owes it: ``，涉及…``."""
    of_enterprises = snapshot.get("units_are") == "enterprise"
    counted = [(missing(one), one["name"]) for one in snapshot["units"]]
    found = sorted((row for row in counted if row[0] > 0), key=lambda row: (-row[0], row[1]))
    if len(found) == 1:
        return str((_("，涉及%s") if of_enterprises else _("，在%s")) % found[0][1])
    rest = found[_MOST_SHOWN][0] if len(found) > _MOST_SHOWN else 0
    most = "、".join(f"{name}（{number}{unit}）" for number, name in found[:_MOST_SHOWN] if number > rest)
    if not most:
        if len(found) in (0, len(counted)):
            return ""
        names = [name for _number, name in sorted((row for row in counted if row[0] > 0), key=lambda row: -row[0])]
        if of_enterprises:
            return _("，涉及%s") % _named(names, _("等%d家"))
        return _("，分散在%s") % _named(names, _("等%d个地区"))
    if rest:
        return _("，较多的是%s") % most
    return (_("，分别涉及%s") if of_enterprises else _("，分别在%s")) % most


def _silent_units(snapshot: dict[str, Any]) -> tuple[str, Paragraph] | None:
    coverage = snapshot["coverage"]
    missing = coverage["enterprises"] - coverage["reported"]
    if not missing or _is_running(snapshot):
        return None
    silent = [unit["name"] for unit in snapshot["units"] if unit["enterprises"] and not unit["reported"]]
    text = _("本季度尚有%d家企业未填报") % missing
    if snapshot["units_are"] == "enterprise":
        text += _("：%s") % _named(silent, _("等%d家")) if silent else ""
    else:
        if silent:
            text += _("，其中%s全部未填报") % _named(silent, _("等%d个地区"))
        partly = {**snapshot, "units": [unit for unit in snapshot["units"] if unit["reported"]]}
        most = _concentrated(partly, lambda unit: unit["enterprises"] - unit["reported"], _("家"))
        text += _("；其余的%s") % most.removeprefix("，") if silent and most else most
    return _("填报尚未全覆盖"), [f"{text}。"]


def _not_done(snapshot: dict[str, Any]) -> Iterator[tuple[str, Paragraph]]:
    """What is missing and what came late, apart; only once the day has passed."""
    coverage = snapshot["coverage"]
    if not _is_over(snapshot):
        return
    missing, late = coverage["due"] - coverage["done"], coverage["done"] - coverage["on_time"]
    if missing:
        share = rate(missing, coverage["due"])
        most = _concentrated(snapshot, functools.partial(_less, more="due", less="done"), _("项"))
        text = _("应报事项%(due)d项中，%(missing)d项尚未报送") % {"due": coverage["due"], "missing": missing}
        text += (_("，占%s") % share if share else "") + most
        yield _("部分应报事项尚未报送"), [f"{text}。"]
    if late:
        share = rate(late, coverage["due"])
        most = _concentrated(
            snapshot,
            lambda unit: _told_in(unit, COVERAGE_FACTS["done"]) - _told_in(unit, COVERAGE_FACTS["on_time"]),
            _("项"),
        )
        text = _("应报事项%(due)d项中，%(late)d项逾期报送") % {"due": coverage["due"], "late": late}
        yield _("部分应报事项逾期报送"), [text + (_("，占%s") % share if share else "") + most + "。"]


def _not_done_of_the_year(snapshot: dict[str, Any]) -> Iterator[tuple[str, Paragraph]]:
    """The annual returns of the year that the figures stand for, whose day is another than the quarter's: what of them is
    overdue and what came late, apart, and where. Snapshots of before say nothing of either, or not where."""
    yearly = snapshot.get("yearly") or {}
    owed, overdue, late = (yearly.get(name, 0) for name in ("owed", "overdue", "late"))
    if not overdue and not late:
        return
    said = {"year": yearly["label"], "owed": owed, "overdue": overdue, "late": late}
    # Where they are owed with this quarter they stand among its duties as well.
    ending = _("（已计入本季度应报事项）。") if yearly.get("with_quarter") else "。"
    if overdue:
        share = rate(overdue, owed)
        text = _("应报%(year)s报表%(owed)d份中，%(overdue)d份逾期未报") % said
        text += _("，占%s") % share if share else ""
        text += _concentrated(snapshot, lambda unit: int(unit.get("yearly_overdue", 0)), _("份"))
        yield _("部分年度报表逾期未报"), [text + ending]
    if late:
        share = rate(late, owed)
        text = _("应报%(year)s报表%(owed)d份中，%(late)d份逾期报送") % said
        text += _("，占%s") % share if share else ""
        text += _concentrated(snapshot, lambda unit: int(unit.get("yearly_late", 0)), _("份"))
        yield _("部分年度报表逾期报送"), [text + ending]


def _overdue_reviews(snapshot: dict[str, Any]) -> tuple[str, Paragraph] | None:
    overdue = snapshot["coverage"]["overdue_reviews"]
    if not overdue:
        return None
    most = _concentrated(snapshot, lambda unit: int(unit["overdue_reviews"]), _("条"))
    text = _("待审核的%(waiting)d条记录中，%(overdue)d条超过审核期限") % {
        "waiting": snapshot["coverage"]["waiting"],
        "overdue": overdue,
    }
    return _("部分记录审核超期"), [f"{text}{most}。"]


def breached_rules(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The rules that were not kept; a snapshot of before they were counted tells none."""
    rules: list[dict[str, Any]] = snapshot.get("breaches", {}).get("rules", [])
    return rules


def _breaches(snapshot: dict[str, Any]) -> tuple[str, Paragraph] | None:
    """How many enterprises did not keep which rules, as their approved records say."""
    broken = [rule for rule in breached_rules(snapshot) if rule["enterprises"]]
    if not broken:
        return None
    if len(broken) == 1:
        text = _("已审核通过的记录中，%(count)d家企业未做到“%(rule)s”") % {
            "count": broken[0]["enterprises"],
            "rule": broken[0]["words"].rstrip("。"),
        }
        return _("部分事项不符合规定"), [text + _("，依据见附件2。")]
    named = "、".join(
        _("“%(rule)s”的%(count)d家") % {"rule": rule["words"].rstrip("。"), "count": rule["enterprises"]}
        for rule in broken[:_MOST_SHOWN]
    )
    text = _("已审核通过的记录中，%d家企业有不符合规定之处，其中未做到") % snapshot["breaches"]["enterprises"] + named
    text += _("等，共涉及规定%d项") % len(broken) if len(broken) > _MOST_SHOWN else ""
    return _("部分事项不符合规定"), [text + _("，依据见附件2。")]


def _standing_problems(snapshot: dict[str, Any], wording: Wording) -> Iterator[tuple[str, Paragraph]]:
    """What is a problem while there is any of it, as the rooms declare it, and where there is most."""
    for problem in all_problems():
        if not wording.value(problem.fact):
            continue
        clauses = [problem.clause]
        if any(wording.is_growing(item) for item in all_items() if problem.fact in _codes(*item.clauses)):
            clauses.append(f"{{{problem.fact}:change}}")
        told = wording.sentence(tuple(clauses))
        in_unit = functools.partial(_told_in, code=problem.fact)
        most = _concentrated(snapshot, in_unit, wording.figures[problem.fact]["unit"])
        yield str(problem.title), [*told[:-1], most, told[-1]] if told and most else told
