"""What a report says, worked out once from its snapshot and edition. Every face prints this and nothing else."""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import SpeaksOf, codes_about, key_facts, printed_facts
from foundation.ui.formats import change, not_reported
from indicators.queries import Lack
from reporting.charts import Option, caption, trend_option
from reporting.narrative import breached_rules, in_order_of_sentences, leading_facts, left_empty_of
from reporting.numbers import Number, percent, rate_text, tabular
from reporting.unshown import note_of, unshown_of

if TYPE_CHECKING:
    from reporting.models import Report

#: Of a unit table on paper: some nine pages. The workbook that the PDF carries has every unit.
PRINTED_ROWS = 100
#: The text area of a page and the largest red head, in points.
TEXT_WIDTH, HEAD_SIZE = 442, 36


@dataclass(frozen=True)
class Edition:
    """What the office adds to a snapshot: its own words, and number and date once issued."""

    snapshot_hash: str = ""
    draft_number: int = 1
    is_draft: bool = True
    number: str = ""
    issued_on: datetime.date | None = None
    verify_code: str = ""
    verify_url: str = ""
    red_head: str = ""
    commentary: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, report: "Report") -> "Edition":
        return cls(
            snapshot_hash=report.snapshot_hash,
            draft_number=report.draft_number,
            is_draft=report.is_draft,
            number=report.number,
            issued_on=report.issued_on,
            verify_code=report.verify_code or "",
            verify_url=report.verify_url,
            red_head=report.red_head,
            commentary=report.commentary,
        )


@dataclass(frozen=True)
class Column:
    """A table column: its head, the unit under it, and whether it holds numbers."""

    label: str
    unit: str = ""
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """Text ready to print; ``fact``, ``place`` and ``quarter`` say what it counts, ``url`` opens that (pages only)."""

    text: str
    fact: str = ""
    place: str = ""
    quarter: str = ""
    url: str = ""
    #: It counts what the place's own office reported, and nothing from below.
    is_own: bool = False

    @property
    def is_missing(self) -> bool:
        return self.text == _("未填报")


def _figure(value: Number, fact: str, place: str, quarter: str) -> Cell:
    """A counted cell. A missing value counts nothing and so opens nothing."""
    return Cell(tabular(value)) if value is None else Cell(tabular(value), fact, place, quarter)


def _texts(*values: str) -> list[Cell]:
    return [Cell(value) for value in values]


@dataclass(frozen=True)
class Table:
    """A titled table with a row heads itself in its first column; ``total`` is its last row, ``note`` stands under it;
    ``style`` names how wide its columns are."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    note: str = ""
    total: list[Cell] | None = None
    style: str = ""

    @property
    def number_columns(self) -> set[int]:
        """Positions of the columns set flush right."""
        return {index for index, column in enumerate(self.columns) if column.is_number}


@dataclass(frozen=True)
class Content:
    """A whole report, ready for any face."""

    snapshot: dict[str, Any]
    edition: Edition
    title: str
    title_lines: list[str]
    lead: str
    sections: list[dict[str, Any]]
    #: Who made the report, and who signs it: without a red head the same.
    compiler: str
    office: str
    units: Table
    trend: Table
    indicators: Table | None
    breaches: Table | None
    chart: Option
    chart_caption: str
    chart_text: str
    notes: list[str]
    #: The red head by lines, the letters of the longest, and their size in points: so that no line breaks.
    head_lines: list[str]
    head_letters: int
    head_size: float
    #: 版记: who printed it and when, under a report with a red head that is issued.
    imprint: list[str]

    @property
    def print_notes(self) -> list[str]:
        """The notes of the print: what only the PDF holds, and what it is set in."""
        return [
            *self.notes,
            _("本文件内嵌全部数据的工作簿（xlsx）和数据快照（snapshot.json）。"),
            _(
                "版式参照 GB/T 9704-2012。字体以开源字体替代：仿宋、黑体、楷体、小标宋用 Fandol 字体，"
                "生僻字用 Noto Serif CJK；因字体为替代，不声明完全符合该标准。"
            ),
        ]

    @property
    def data_notes(self) -> list[str]:
        """The notes about the data alone: what goes into the workbook, which is the same before and after issuing."""
        return self.notes[1:] if self.edition.is_draft else self.notes


def build_content(snapshot: dict[str, Any], edition: Edition) -> Content:
    """Work out everything that is printed."""
    region, label = snapshot["region"]["name"], snapshot["quarter_label"]
    chart = _chart(snapshot)
    trend = _trend_table(snapshot)
    # A break that was typed is kept; else the head stands in one line, as large as it then can be.
    head_lines = edition.red_head.split()
    head_letters = max(map(len, head_lines), default=1)
    return Content(
        snapshot=snapshot,
        edition=edition,
        title=_("%(region)s%(quarter)s产业工人队伍建设改革工作情况报告") % {"region": region, "quarter": label},
        title_lines=[
            _("%(region)s产业工人队伍建设改革") % {"region": region},
            _("%(quarter)s工作情况报告") % {"quarter": label},
        ],
        lead=_("现将%(region)s%(quarter)s产业工人队伍建设改革工作情况报告如下。")
        % {"region": region, "quarter": label},
        sections=_sections(snapshot, edition),
        compiler=_("%s产改办") % region,
        office=_office(snapshot, edition),
        units=_unit_table(snapshot),
        trend=trend,
        indicators=_indicator_table(snapshot),
        breaches=_breach_table(snapshot),
        chart=chart,
        chart_caption=caption(chart) if chart else _("没有收到数据，不作图。"),
        chart_text=_chart_text(snapshot),
        notes=_notes(snapshot, edition),
        head_lines=head_lines,
        head_letters=head_letters,
        head_size=min(HEAD_SIZE, round(TEXT_WIDTH / head_letters, 1)),
        imprint=_imprint(snapshot, edition),
    )


def _office(snapshot: dict[str, Any], edition: Edition) -> str:
    """Who signs: the organ of the red head, without one the office of the region."""
    if edition.red_head:
        return "".join(edition.red_head.split()).removesuffix(_("文件"))
    return str(_("%s产改办") % snapshot["region"]["name"])


def _imprint(snapshot: dict[str, Any], edition: Edition) -> list[str]:
    if not edition.red_head or edition.issued_on is None:
        return []
    return [_office(snapshot, edition), _("%s印发") % chinese_date(edition.issued_on)]


def _sections(snapshot: dict[str, Any], edition: Edition) -> list[dict[str, Any]]:
    """The generated sections with the office's words after them. An empty 下一步打算 shows in a draft only."""
    found = []
    for section in snapshot["sections"]:
        commentary = [
            [line.strip()] for line in edition.commentary.get(section["key"], "").splitlines() if line.strip()
        ]
        if section["key"] == "plans" and not commentary:
            if not edition.is_draft:
                continue
            commentary = [[_("（由编制单位填写）")]]
        found.append({**section, "commentary": commentary})
    return found


def _facts(snapshot: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in snapshot["figures"]}


def _unit_table(snapshot: dict[str, Any]) -> Table:
    by_enterprise = snapshot["units_are"] == "enterprise"
    name = {"city": _("设区市"), "county": _("县（市、区）")}.get(snapshot["units_are"], _("企业"))
    facts = _facts(snapshot)
    declared = [fact for fact in printed_facts() if fact.code in facts]
    # What nobody tells has no column; where nobody tells anything, that is what the table shows.
    told = [fact for fact in declared if facts[fact.code]["value"] is not None]
    printed = told or declared
    codes = [fact.code for fact in printed]
    columns = [Column(name, is_number=False)]
    columns += (
        [Column(_("填报情况"), is_number=False)]
        if by_enterprise
        else [Column(_("企业数"), _("家")), Column(_("已填报"), _("家"))]
    )
    columns += [Column(str(fact.head or fact.label), str(fact.unit)) for fact in printed]
    shown, total = snapshot["units"][:PRINTED_ROWS], len(snapshot["units"])
    rows = []
    for unit in shown:
        state = (
            [_("已填报") if unit["reported"] else _("未填报")]
            if by_enterprise
            else [tabular(unit["enterprises"]), tabular(unit["reported"])]
        )
        counted = [
            Cell(text)
            if (text := unshown_of(unit, code))
            else _figure(unit["values"][code], code, unit["code"], snapshot["quarter"])
            for code in codes
        ]
        rows.append([*_texts(unit["name"], *state), *counted])
    own = _own_row(snapshot, codes, 1 if by_enterprise else 2)
    rows += [own] if own else []
    coverage = snapshot["coverage"]
    reported = tabular(coverage["reported"])
    counts = (
        [f"{reported} / {tabular(coverage['enterprises'])}"]
        if by_enterprise
        else [tabular(coverage["enterprises"]), reported]
    )
    whole = snapshot["region"]["code"]
    sums = [_figure(facts[code]["value"], code, whole, snapshot["quarter"]) for code in codes]
    total_row = [*_texts(_("合计"), *counts), *sums] if rows else None
    note = ""
    if total > len(shown):
        note = _("本表列出 %(shown)d 个单位（共 %(total)d 个），完整数据见随附工作簿。") % {
            "shown": len(shown),
            "total": total,
        }
    elif not total:
        note = _("本地区没有下级单位的数据。")
    if untold := [str(fact.label) for fact in declared if fact not in printed]:
        note += _("没有单位填报的不列：%s。") % "、".join(untold)
    note += note_of(shown, codes)
    return Table(_("%(quarter)s分单位情况表") % {"quarter": snapshot["quarter_label"]}, columns, rows, note, total_row)


def _own_row(snapshot: dict[str, Any], codes: list[str], states: int) -> list[Cell] | None:
    """What the region's own office reported, below the units, so that the columns add up; None where it told none of
    these. ``states``: the columns that say how the enterprises of a unit reported."""
    region, own = snapshot["region"], snapshot.get("own") or {}
    if not any(own.get(code) is not None for code in codes):
        return None
    counted = [
        Cell("—")
        if own.get(code) is None
        else Cell(tabular(own[code]), code, region["code"], snapshot["quarter"], is_own=True)
        for code in codes
    ]
    return [*_texts(_("%s本级") % region["name"], *["—"] * states), *counted]


def shown_quarters(snapshot: dict[str, Any]) -> list[int]:
    """Positions of the quarters to print: none before the first of which anything is known."""
    trend = snapshot["trend"]
    known = [
        any(series[index] is not None for series in trend["series"].values()) for index in range(len(trend["quarters"]))
    ]
    return list(range(known.index(True) if any(known) else 0, len(known)))


def series_in(trend: dict[str, Any], code: str, printed: list[int]) -> list[bool]:
    """Of a figure, for each printed quarter: whether anybody said anything."""
    series = trend["series"].get(code, [])
    return [series[index] is not None for index in printed if index < len(series)]


#: How a label ends that names its year (``Fact.label_in``), and what is true of it in every quarter.
_OF_A_YEAR = {r"（\d{4}年度）$": "（上年度）", r"（\d{4}或\d{4}年报）$": "（最近一次年报）"}


def in_printed_order(figures: list[dict[str, Any]]) -> list[tuple[dict[str, Any], bool]]:
    """Figures in the order of the sentences, what no sentence names after them; and whether each is a part (其中) of the
    one before it."""
    order = in_order_of_sentences()
    place = {code: number for number, code in enumerate(order)}
    ranked = sorted(figures, key=lambda one: place.get(one["code"], len(place)))
    return [(one, order.get(one["code"], False)) for one in ranked]


def over_quarters(label: str) -> str:
    """The label of a yearly figure in a row of several quarters, each of which has a year of its own."""
    for form, instead in _OF_A_YEAR.items():
        label = re.sub(form, instead, label)
    return label


def quarter_in_row(snapshot: dict[str, Any], code: str, *, is_short: bool = False) -> str:
    """A quarter among several; one that was not over when the figures were read says so."""
    quarter = Quarter.parse(code)
    label = quarter.short_label if is_short else quarter.label
    read_on = (snapshot["data_as_of"] or "")[:10]
    return _("%s（未结束）") % label if read_on and read_on <= quarter.last_day.isoformat() else label


def _trend_table(snapshot: dict[str, Any]) -> Table:
    trend, place = snapshot["trend"], snapshot["region"]["code"]
    printed = shown_quarters(snapshot)
    columns = [Column(_("数据项"), is_number=False), Column(_("单位"), is_number=False)]
    quarters = [quarter_in_row(snapshot, trend["quarters"][index], is_short=True) for index in printed]
    has_year = any(one.get("over_year") for one in snapshot["figures"])
    columns += [Column(quarter.replace("年", "年\n") if has_year else quarter) for quarter in quarters]
    columns.append(Column(_("已报"), _("家")))
    if has_year:
        columns += [
            Column(_("比上\n季度")),
            Column(_("可比"), _("家")),
            Column(_("比上年\n同期")),
            Column(_("可比"), _("家")),
        ]
    else:
        columns += [Column(_("可比\n增减")), Column(_("可比"), _("家"))]
    rows = []
    unprinted = codes_about(SpeaksOf.COVERAGE)
    told = [one for one in snapshot["figures"] if one["code"] not in unprinted]
    known = [one for one in told if any(series_in(trend, one["code"], printed))]
    leading, facts = leading_facts(), _facts(snapshot)
    shown = [one for one in known if one["code"] in leading]
    for one, is_part in in_printed_order(shown):
        label = over_quarters(one["label"])
        label = f"　{_('其中：')}{label.removeprefix(_('其中')).removeprefix('：')}" if is_part else label
        if unsaid := left_empty_of(facts, one["code"]):
            label = _("%(label)s（%(unsaid)s）") % {"label": label, "unsaid": unsaid}
        series = trend["series"].get(one["code"], [])
        values = [
            _figure(series[index], one["code"], place, trend["quarters"][index])
            for index in printed
            if index < len(series)
        ]
        compared = _compared(one.get("comparison"))
        if has_year:
            lack = _("无数据") if one["no_year"] == Lack.NO_DATA else "—"
            compared = [*map(_in_lines, compared), *map(_in_lines, _compared(one["over_year"], lack))]
        rows.append([*_texts(label, one["unit"]), *values, *_texts(tabular(one["reporting"]), *compared)])
    if has_year:
        note = _(
            "“已报”是本季度填报这一项的企业。与上季度、与上年同期相比，活动类数据按全部企业，报表类数据只按两个时期都填报的企业（可比企业）；全年的数据与上年度相比。“无数据”表示上年同期没有数据，“—”表示不可比。"
        )
    else:
        note = _(
            "“已报”是本季度填报这一项的企业；可比增减是与上季度相比：活动类数据按全部企业，报表类数据只按两个季度都填报的企业（可比企业）；“—”表示不可比。"
        )
        # A snapshot of before says nothing of the year before.
        note += _("上年同期没有可比的数据，没有同比。") if any(one.get("no_year") for one in told) else ""
    if rest := len(known) - len(shown):
        note += _("本表列各项工作的主要数据%(shown)d项，其余%(rest)d项见随附工作簿的“总体”和“趋势”。") % {
            "shown": len(shown),
            "rest": rest,
        }
    if silent := len(told) - len(known):
        note += _("另有%(silent)d项这些季度没有任何单位填报，没有列出，名称见随附工作簿。") % {"silent": silent}
    title = _("主要数据近%(count)d个季度变化情况表") % {"count": len(printed)}
    return Table(title, columns, rows, note, style="wide trend over-year" if has_year else "wide trend")


def _compared(compared: dict[str, Any] | None, lack: str = "—") -> list[str]:
    """The change against an earlier time, signed, and over how many enterprises."""
    if not compared:
        return [lack, "—"]
    among = compared["enterprises"]
    return [change(compared["value"], compared["before"], among), _("全部") if among is None else tabular(among)]


def _in_lines(text: str) -> str:
    """The share of a change under the number, for a narrow column."""
    return text.replace("（", "\n").removesuffix("）")


def _indicator_table(snapshot: dict[str, Any]) -> Table | None:
    """The indicators that have something to reach and were measured. Of the others it says how many there are; the workbook has
    them all."""
    measured = [one for one in snapshot["indicators"] if one["value"] is not None]
    unmeasured = [one for one in snapshot["indicators"] if one["value"] is None]
    aimed = [one for one in measured if one["target"] is not None]
    if not snapshot["indicators"]:
        return None
    columns = [
        Column(_("指标"), is_number=False),
        Column(_("计量单位"), is_number=False),
        Column(_("指标值")),
        Column(_("分子")),
        Column(_("分母")),
        Column(_("目标")),
    ]
    # Snapshots of before have neither.
    says_more = any("coverage" in one for one in snapshot["indicators"])
    if says_more:
        columns += [Column(_("进度"), is_number=False), Column(_("填报"), is_number=False)]
    rows = []
    for one in aimed:
        # A plain count has no denominator.
        below = "—" if one["denominator"] is None else tabular(one["denominator"])
        shown = rate_text(one["value"]) if one["unit"] == "%" else tabular(one["value"])
        more = [one.get("light") or "—", one.get("coverage") or "—"] if says_more else []
        counted = (shown, tabular(one["numerator"]), below, tabular(one["target"]))
        rows.append(_texts(one["name"], one["unit"], *counted, *more))
    note = _("累计类数据按本年度第一季度至本季度合计计算；“—”表示不适用。") if rows else ""
    if unmeasured:
        note += _("有目标或要求值、还没有数据的指标：%s。") % "、".join(one["name"] for one in unmeasured)
    if rest := len(measured) - len(aimed):
        note += _("没有目标或要求值的%d项指标不在本表列出，数值见随附工作簿的“指标”。") % rest
    title = _("%(quarter)s有目标或要求值的指标") % {"quarter": snapshot["quarter_label"]}
    return Table(title, columns, rows, note)


def _breach_table(snapshot: dict[str, Any]) -> Table | None:
    """Which rules approved records say were not kept, with their sources; None where all were."""
    rules = breached_rules(snapshot)
    if not rules:
        return None
    columns = [
        Column(_("规定"), is_number=False),
        Column(_("依据"), is_number=False),
        Column(_("不符合"), _("家")),
        Column(_("未填写"), _("家")),
    ]
    rows = [
        _texts(one["words"], one["citation"], tabular(one["enterprises"]), tabular(one["unstated"])) for one in rules
    ]
    note = _("“不符合”是已审核通过的记录写明没有做到的企业；“未填写”是没有填规定要看的内容、是否符合不明的企业。")
    return Table(_("%(quarter)s不符合规定情况表") % {"quarter": snapshot["quarter_label"]}, columns, rows, note)


def _drawn(snapshot: dict[str, Any]) -> dict[str, Any] | None:
    """The figure of the chart: the first of the key figures that the snapshot has."""
    known = _facts(snapshot)
    return next((known[fact.code] for fact in key_facts() if fact.code in known), None)


def _chart(snapshot: dict[str, Any]) -> Option:
    trend, figure = snapshot["trend"], _drawn(snapshot)
    if figure is None or all(value is None for value in trend["series"][figure["code"]]):
        return {}
    title = _("%(region)s%(figure)s，截至%(quarter)s") % {
        "region": snapshot["region"]["name"],
        "figure": figure["label"],
        "quarter": snapshot["quarter_label"],
    }
    printed = shown_quarters(snapshot)
    quarters = [quarter_in_row(snapshot, trend["quarters"][index], is_short=True) for index in printed]
    values = [trend["series"][figure["code"]][index] for index in printed]
    return trend_option(title, figure["unit"], quarters, {figure["label"]: values})


def chart_rows(snapshot: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Head and rows of the table behind the chart: the printed quarters, and what was known of each."""
    trend, figure = snapshot["trend"], _drawn(snapshot)
    if figure is None:
        return [], []
    values = trend["series"][figure["code"]]
    rows: list[list[Any]] = []
    for index in shown_quarters(snapshot):
        value = values[index]
        name = quarter_in_row(snapshot, trend["quarters"][index])
        rows.append([name, not_reported() if value is None else Decimal(value)])
    return [_("季度"), f"{figure['label']}（{figure['unit']}）"], rows


def _chart_text(snapshot: dict[str, Any]) -> str:
    """The chart for those who cannot see it."""
    trend, figure = snapshot["trend"], _drawn(snapshot)
    if figure is None:
        return ""
    values = trend["series"].get(figure["code"], [None] * len(trend["quarters"]))
    return str(_("柱状图，%s：") % figure["label"]) + "；".join(
        f"{quarter_in_row(snapshot, trend['quarters'][index])} {tabular(values[index])}"
        for index in shown_quarters(snapshot)
    )


def _moment(iso: str | None) -> str:
    if not iso:
        return ""
    at = datetime.datetime.fromisoformat(iso)
    return _("%(y)d年%(m)d月%(d)d日%(h)d时%(min)02d分") % {
        "y": at.year,
        "m": at.month,
        "d": at.day,
        "h": at.hour,
        "min": at.minute,
    }


def _notes(snapshot: dict[str, Any], edition: Edition) -> list[str]:
    as_of = _moment(snapshot["data_as_of"])
    coverage = snapshot["coverage"]
    notes = [
        _("数据截至%s，由已审核通过的填报记录汇总形成。") % as_of if as_of else _("本季度尚无汇总数据。"),
        _("“未填报”表示没有收到数据，不等于零；人数与人次分别统计；比率由分子、分母重新计算，不作平均。"),
        _("填报率 = 已填报企业 ÷ 应填报企业 = %s。")
        % (percent(coverage["reported"], coverage["enterprises"]) or _("无应填报企业")),
        _("数据快照校验值（SHA-256）：%s") % edition.snapshot_hash,
    ]
    if snapshot["coverage"].get("waiting"):
        waiting = _("数据截至时另有%d条记录待审核，未计入。") % snapshot["coverage"]["waiting"]
        notes.insert(1, waiting)
    if edition.is_draft:
        notes.insert(0, _("本件为送审稿（第%d稿），未经签发，不作正式依据。") % edition.draft_number)
    return notes


def chinese_date(day: datetime.date) -> str:
    """``2026年9月30日``: 成文日期, Arabic digits without leading zeros."""
    return _("%(y)d年%(m)d月%(d)d日") % {"y": day.year, "m": day.month, "d": day.day}
