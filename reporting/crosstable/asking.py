"""What a cross table shows, as its address asks: checked by one form for page, workbook and API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, Industry, Ownership, PilotTier
from enterprises.models.pilot import Stage
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, SpeaksOf, all_sources, declared_facts, key_facts
from foundation.labels import Label
from foundation.places.models import Level, Place
from foundation.saying import filled
from indicators.models import Indicator
from records.core.kinds import area_label
from records.core.periods import working_quarter
from records.models import ReportingQuarter
from reporting.crosstable.queries import OFFICE, UNKNOWN, By
from reporting.parts import counts_people
from reporting.sentences import AREAS

#: Quarters in one table, values in one table, and rows of values that one table may read of single enterprises.
MOST_QUARTERS, MOST_VALUES, MOST_OF_AN_AREA, MOST_READ = 12, 12, 80, 200_000
#: So many key figures a table has for which nothing was chosen, and
#: so many quarters one whose rows or columns are quarters, unless the address says since when.
USUAL_VALUES, USUAL_QUARTERS = 3, 5
#: What stands before the code of an indicator, where facts go by their codes alone.
INDICATOR = "indicator:"
REGISTER, COVERAGE = "register", "coverage"


class Axis(TextChoices):
    """What rows and columns may be."""

    CITY = "city", gettext_lazy("设区市")
    COUNTY = "county", gettext_lazy("县（市、区）")
    ENTERPRISE = "enterprise", gettext_lazy("企业")
    QUARTER = "quarter", gettext_lazy("季度")
    YEAR = "year", gettext_lazy("年度")
    AREA = "area", gettext_lazy("领域和数据项")
    OWNERSHIP = "ownership", gettext_lazy("所有制")
    INDUSTRY = "industry", gettext_lazy("行业门类")
    SIZE = "size", gettext_lazy("规模")
    TIER = "tier", gettext_lazy("试点层级")
    STAGE = "stage", gettext_lazy("试点阶段")

    @property
    def by(self) -> By | None:
        """What values are added up by for it; None where that follows from the value's quarter or fact."""
        if self in (Axis.CITY, Axis.COUNTY):
            return By.REGION
        return None if self in (Axis.QUARTER, Axis.YEAR, Axis.AREA) else By(self.value)


class Show(TextChoices):
    """What is made of the values."""

    PLAIN = "plain", gettext_lazy("数值")
    PER_ENTERPRISE = "per_enterprise", gettext_lazy("平均每家")
    PER_HUNDRED = "per_hundred", gettext_lazy("每百名职工")
    PER_THOUSAND = "per_thousand", gettext_lazy("每千名职工")
    SHARE = "share", gettext_lazy("占合计的比重")
    CHANGE = "change", gettext_lazy("比上季度的变化")
    YEAR_CHANGE = "year_change", gettext_lazy("比上年同季的变化")

    @property
    def compares(self) -> bool:
        return self in (Show.CHANGE, Show.YEAR_CHANGE)

    @property
    def is_rate(self) -> bool:
        return self in (Show.PER_ENTERPRISE, Show.PER_HUNDRED, Show.PER_THOUSAND)


class Mark(TextChoices):
    """Which cells are marked, by colour and word."""

    ENDS = "ends", gettext_lazy("最高和最低")
    TOTAL = "total", gettext_lazy("高于、低于合计的比率")


class Only(TextChoices):
    """Which rows are listed."""

    FELL = "fell", gettext_lazy("连续两季下降的")


SIZES: dict[str, Label] = {
    "large": gettext_lazy("1,000 人及以上"),
    "medium": gettext_lazy("300 至 999 人"),
    "small": gettext_lazy("20 至 299 人"),
    "micro": gettext_lazy("20 人以下"),
    UNKNOWN: gettext_lazy("职工人数未填报"),
}
STAGES: dict[str, Label] = {
    **{stage.value: stage.label for stage in Stage},
    UNKNOWN: gettext_lazy("不是试点或阶段未登记"),
}
OFFICE_LABEL = gettext_lazy("产改办本级")


@dataclass(frozen=True)
class Measure:
    """A value of the table: a fact, or the versions of an indicator."""

    code: str
    label: str
    unit: str
    area: str
    fact: Fact | None = None
    versions: tuple[Indicator, ...] = ()

    @property
    def heading(self) -> str:
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    def version_in(self, quarter: Quarter) -> Indicator | None:
        """The version that measures the quarter."""
        return next(
            (
                one
                for one in self.versions
                if one.valid_from <= quarter.code and (one.valid_to is None or one.valid_to >= quarter.code)
            ),
            None,
        )

    @cached_property
    def counts_people(self) -> bool:
        """A small number of it may be somebody."""
        return self.fact is not None and counts_people(self.fact)

    @cached_property
    def is_of_wages(self) -> bool:
        """A sum of wages, or an indicator of which one is a side: of few enterprises it would tell those of one."""
        facts = declared_facts()
        codes = {self.code, *(code for version in self.versions for code in version.fact_codes)}
        return any(code in facts and facts[code].of_wages for code in codes)

    @property
    def is_hidden_of_few(self) -> bool:
        """It adds up, and what is hidden of it must not be left over by a total."""
        return self.counts_people or (self.fact is not None and self.is_of_wages)

    @cached_property
    def known_people(self) -> frozenset[str]:
        """The facts of an indicator that count persons."""
        facts = declared_facts()
        codes = {code for version in self.versions for code in version.fact_codes}
        return frozenset(code for code in codes if code in facts and counts_people(facts[code]))


@dataclass(frozen=True)
class Spec:
    """A table that can be shown. ``given``: its address, without defaults."""

    region: Place
    rows: Axis
    columns: Axis | None
    measures: tuple[Measure, ...]
    since: Quarter
    until: Quarter
    show: Show
    only: Mapping[By, tuple[str, ...]]
    listed: Only | None
    mark: Mark | None
    sort: str
    top: int | None
    given: tuple[tuple[str, str], ...]

    @property
    def quarters(self) -> list[Quarter]:
        return self.since.through(self.until)

    @property
    def axes(self) -> list[Axis]:
        return [axis for axis in (self.rows, self.columns) if axis is not None]

    def has(self, *axes: Axis) -> bool:
        return any(axis in axes for axis in self.axes)

    def query(self, **changes: str | Sequence[str] | None) -> str:
        """The address of this table with some choices changed; None takes one away."""
        kept = [(name, value) for name, value in self.given if name not in changes and name != "page"]
        for name, value in changes.items():
            if value is not None:
                kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return urlencode(kept)


# --- what may be chosen ---------------------------------------------------------------------------


def areas_of_facts() -> dict[str, str]:
    """The area each fact belongs to, by code: a room of the reform, the register, or how complete a quarter is."""
    found = {}
    for source in all_sources():
        kind = getattr(source, "kind", None)
        for fact in source.facts:
            if fact.speaks_of is SpeaksOf.COVERAGE:
                found[fact.code] = COVERAGE
            elif kind is not None and fact.speaks_of is SpeaksOf.AREA:
                found[fact.code] = kind.area
            else:
                found[fact.code] = REGISTER
    return found


def area_name(area: str) -> str:
    names = {REGISTER: _("名录"), COVERAGE: _("填报情况")}
    return names.get(area) or area_label(area)


def area_order(area: str) -> tuple[int, str]:
    order = (*AREAS, REGISTER, COVERAGE)
    return (order.index(area) if area in order else len(order), area)


def facts_offered(quarter: Quarter) -> list[Measure]:
    """Every fact, by area."""
    areas = areas_of_facts()
    facts = [
        Measure(code, fact.label_in(quarter), str(fact.unit), areas[code], fact=fact)
        for code, fact in declared_facts().items()
    ]
    return sorted(facts, key=lambda measure: area_order(measure.area))


def measures_offered(quarter: Quarter) -> list[Measure]:
    """Every fact by area, and then every indicator that has a version. One query."""
    versions: dict[str, list[Indicator]] = {}
    for indicator in Indicator.objects.order_by("order", "code", "-version"):
        versions.setdefault(indicator.code, []).append(indicator)
    return [*facts_offered(quarter), *(_indicator(found, quarter) for found in versions.values())]


def _indicator(versions: list[Indicator], quarter: Quarter) -> Measure:
    measure = Measure(f"{INDICATOR}{versions[0].code}", "", "", "", versions=tuple(versions))
    shown = measure.version_in(quarter) or versions[0]
    return Measure(measure.code, shown.name, shown.unit, _("指标"), versions=measure.versions)


def _grouped(measures: Iterable[Measure]) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for is_indicator, several in groupby(measures, key=lambda measure: bool(measure.versions)):
        if is_indicator:
            found.append((_("指标"), [(one.code, one.heading) for one in several]))
        else:
            for area, inside in groupby(several, key=lambda measure: measure.area):
                found.append((area_name(area), [(one.code, one.heading) for one in inside]))
    return found


_NOT_OFFERED = gettext_lazy("“%(value)s”不在可选的范围内。请从列表中重新选择。")


class Choice(forms.ChoiceField):
    """One of a list, or nothing. What is not offered is refused by what was found; the lists are too long to be told."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, error_messages={"invalid_choice": _NOT_OFFERED}, **given)

    def validate(self, value: Any) -> None:
        try:
            super().validate(value)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class Choices(forms.MultipleChoiceField):
    """Several of a list, or none."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, error_messages={"invalid_choice": _NOT_OFFERED}, **given)

    def validate(self, value: Any) -> None:
        try:
            super().validate(value)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class TableForm(forms.Form):
    """The choices of a table. Bound to an address; ``spec`` once it is valid."""

    rows = Choice(label=gettext_lazy("行"), choices=Axis.choices)
    columns = Choice(label=gettext_lazy("列"), choices=[("", gettext_lazy("只列数据项")), *Axis.choices])
    value = Choices(label=gettext_lazy("数据项和指标"), widget=forms.SelectMultiple(attrs={"data-tom-select": ""}))
    show = Choice(label=gettext_lazy("显示"), choices=Show.choices)
    quarter = Choice(label=gettext_lazy("截至季度"))
    since = Choice(label=gettext_lazy("起始季度"))
    ownership = Choices(
        label=gettext_lazy("所有制"),
        choices=[*Ownership.choices, (OFFICE, OFFICE_LABEL)],
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
    )
    industry = Choices(label=gettext_lazy("行业门类"), widget=forms.SelectMultiple(attrs={"data-tom-select": ""}))
    size = Choices(
        label=gettext_lazy("规模"),
        choices=[*SIZES.items(), (OFFICE, OFFICE_LABEL)],
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
    )
    tier = Choices(
        label=gettext_lazy("试点层级"),
        choices=[*PilotTier.choices, (OFFICE, OFFICE_LABEL)],
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
    )
    stage = Choices(
        label=gettext_lazy("试点阶段"),
        choices=[*STAGES.items(), (OFFICE, OFFICE_LABEL)],
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
    )
    area = Choices(label=gettext_lazy("领域"), widget=forms.SelectMultiple(attrs={"data-tom-select": ""}))
    only = Choice(label=gettext_lazy("只列哪些行"), choices=[("", gettext_lazy("全部")), *Only.choices])
    mark = Choice(label=gettext_lazy("标出"), choices=[("", gettext_lazy("不标")), *Mark.choices])
    top = forms.IntegerField(
        label=gettext_lazy("只列前几行"),
        required=False,
        min_value=1,
        max_value=1000,
        error_messages={
            "invalid": gettext_lazy("“只列前几行”应是 1 至 1000 的整数。请改成数字，或留空列出全部。"),
            "min_value": gettext_lazy("“只列前几行”最少是 1。请改大一些，或留空列出全部。"),
            "max_value": gettext_lazy("“只列前几行”最多是 1000。请改小一些，或留空列出全部。"),
        },
    )
    sort = forms.CharField(
        required=False,
        max_length=120,
        widget=forms.HiddenInput,
        error_messages={"max_length": gettext_lazy("排序的写法无法识别。请点表头重新排序。")},
    )

    #: Those that narrow the table to some enterprises.
    FILTERS = {By.OWNERSHIP: "ownership", By.INDUSTRY: "industry", By.SIZE: "size", By.TIER: "tier", By.STAGE: "stage"}
    #: The parameters of an address, with the region it is about.
    PARAMETERS = (
        "region",
        "rows",
        "columns",
        "value",
        "area",
        "show",
        "quarter",
        "since",
        "ownership",
        "industry",
        "size",
        "tier",
        "stage",
        "only",
        "mark",
        "top",
        "sort",
    )

    def __init__(self, data: QueryDict, *, region: Place) -> None:
        self.region = region
        self.now = working_quarter()
        super().__init__(self._with_usual(data))
        self.offered = {measure.code: measure for measure in measures_offered(self.now)}
        self._offer("value", _grouped(self.offered.values()))
        areas = sorted({measure.area for measure in self.offered.values() if measure.fact}, key=area_order)
        self._offer("area", [(area, area_name(area)) for area in areas])
        sections = Industry.objects.filter(level="section").values_list("code", "name")
        self._offer("industry", [*((code, f"{code} {name}") for code, name in sections), (OFFICE, OFFICE_LABEL)])
        known = [
            Quarter.parse(code) for code in ReportingQuarter.objects.order_by("-code").values_list("code", flat=True)
        ]
        # What adds up over a year adds up from its beginning, whenever in it the portal began.
        before = known[-1].year_to_date()[-2::-1] if known else []
        self.first = known[-1] if known else None
        self._offer("quarter", [("", _("正在办理的季度")), *((one.code, one.label) for one in known)])
        self._offer("since", [("", _("自动")), *((one.code, one.label) for one in [*known, *before])])

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _with_usual(self, data: QueryDict) -> QueryDict:
        """What is not chosen and must be: the units one level down, and the first key figures."""
        data = data.copy()
        if not data.get("rows"):
            levels: dict[str, Axis] = {Level.PROVINCE: Axis.CITY, Level.CITY: Axis.COUNTY}
            data["rows"] = levels.get(self.region.level, Axis.ENTERPRISE).value
        if not any(data.getlist("value")) and not any(data.getlist("area")):
            data.setlist("value", [fact.code for fact in key_facts()[:USUAL_VALUES]])
        return data

    # --- what goes together -----------------------------------------------------------------------

    def clean_rows(self) -> Axis:
        return Axis(self.cleaned_data["rows"])

    def clean_columns(self) -> Axis | None:
        return Axis(self.cleaned_data["columns"]) if self.cleaned_data["columns"] else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        rows, columns = given["rows"], given["columns"]
        if rows == columns:
            raise ValidationError({"columns": _("行和列都是“%s”。请把其中一个换成别的。") % rows.label})
        if rows.by is By.REGION and columns is not None and columns.by is By.REGION:
            raise ValidationError({"columns": _("行和列都是地区。请把其中一个换成别的，例如季度或所有制。")})
        if {rows, columns} == {Axis.QUARTER, Axis.YEAR}:
            raise ValidationError({"columns": _("行和列都是时间。请把其中一个换成别的，例如地区或所有制。")})
        if self.region.is_county_level and Axis.CITY in (rows, columns):
            raise ValidationError(
                {"rows": _("“%s”在一个设区市之内，不能按设区市分。请改成企业、季度或所有制等。") % self.region}
            )
        self._check_time(given)
        self._check_values(given)
        self._check_extent(given)
        return given

    def _check_time(self, given: dict[str, Any]) -> None:
        is_timed = bool({given["rows"], given["columns"]} & {Axis.QUARTER, Axis.YEAR})
        until = Quarter.parse(given["quarter"]) if given["quarter"] else self.now
        since = Quarter.parse(given["since"]) if given["since"] else None
        if since is None:
            first = self.first or until
            since = max(min(first, until), until.shift(1 - USUAL_QUARTERS)) if is_timed else until
        if since > until:
            text = _("起始季度（%(since)s）晚于截至季度（%(until)s）。请对调或重选。")
            raise ValidationError({"since": text % {"since": since.label, "until": until.label}})
        if len(since.through(until)) > MOST_QUARTERS:
            text = filled(_("一张表最多 %d 个季度。请把起始季度改晚一些。"), MOST_QUARTERS)
            raise ValidationError({"since": text})
        show = Show(given["show"] or Show.PLAIN)
        if show.compares and (Axis.YEAR in (given["rows"], given["columns"]) or (since != until and not is_timed)):
            raise ValidationError({"show": _("“%s”逐季度比较。请把行或列换成季度，或只选一个季度。") % show.label})
        if given["only"] and (given["columns"] is not Axis.QUARTER or given["rows"] is Axis.AREA):
            raise ValidationError({"only": _("连续两季下降按行逐季度判断。请把列换成季度，行选地区、企业或所有制等。")})
        if given["only"] and show is Show.YEAR_CHANGE:
            raise ValidationError({"only": _("连续两季下降比的是上一个季度。请把“显示”换成数值或比上季度的变化。")})
        if given["only"] and len(since.through(until)) < 3:
            raise ValidationError({"since": _("判断连续两季下降至少要三个季度。请把起始季度改早一些。")})
        given.update(show=show, since=since, until=until)

    def _check_values(self, given: dict[str, Any]) -> None:
        most = MOST_OF_AN_AREA if Axis.AREA in (given["rows"], given["columns"]) else MOST_VALUES
        codes = list(dict.fromkeys(given["value"]))
        if not codes and given["area"]:
            codes = [code for code, one in self.offered.items() if one.fact and one.area in given["area"]]
        elif given["area"]:
            codes = [code for code in codes if self.offered[code].area in given["area"]]
            if not codes:
                raise ValidationError({"value": _("选中的数据项都不在选中的领域里。请去掉领域，或改选数据项。")})
        if len(codes) > most:
            text = _("选了 %(count)d 个数据项，这样的表最多 %(most)d 个。请去掉一些，或把行换成“领域和数据项”。")
            if most == MOST_OF_AN_AREA:
                text = _("选了 %(count)d 个数据项，一张表最多 %(most)d 个。请去掉一些。")
            raise ValidationError({"value": filled(text, {"count": len(codes), "most": most})})
        given["measures"] = tuple(self.offered[code] for code in codes)

    def _check_extent(self, given: dict[str, Any]) -> None:
        if Axis.ENTERPRISE not in (given["rows"], given["columns"]):
            return
        column = f"{self.region.scope_column()}_id"
        enterprises = Enterprise.objects.filter(**{column: self.region.pk}).count()
        if given["columns"] is Axis.ENTERPRISE and enterprises > 50:
            raise ValidationError({"columns": filled(_("这里有 %d 家企业，列太多。请把企业放在行上。"), enterprises)})
        quarters = len(given["since"].through(given["until"]))
        if enterprises * quarters * len(given["measures"]) > MOST_READ:
            text = _("按企业列出要读的数太多（%(enterprises)d 家企业）。请选一个下级地区，或少选几个季度和数据项。")
            raise ValidationError({"rows": filled(text, {"enterprises": enterprises})})

    # --- the table --------------------------------------------------------------------------------

    def spec(self) -> Spec:
        """Call when the form is valid."""
        given = self.cleaned_data
        only = {by: tuple(given[name]) for by, name in self.FILTERS.items() if given[name]}
        return Spec(
            region=self.region,
            rows=given["rows"],
            columns=given["columns"],
            measures=given["measures"],
            since=given["since"],
            until=given["until"],
            show=given["show"],
            only=only,
            listed=Only(given["only"]) if given["only"] else None,
            mark=Mark(given["mark"]) if given["mark"] else None,
            sort=given["sort"],
            top=given["top"],
            given=tuple(self._given()),
        )

    def _given(self) -> Iterable[tuple[str, str]]:
        yield "region", self.region.code
        for name in self.PARAMETERS[1:]:
            for value in self.data.getlist(name):  # type: ignore[attr-defined]  # bound to a QueryDict
                if value:
                    yield name, value

    def chosen(self) -> list[tuple[str, str]]:
        """(label, what was chosen) of everything that narrows the table, in words."""
        found = []
        for name in ("area", *self.FILTERS.values(), "only"):
            given = self.cleaned_data.get(name)
            values = given if isinstance(given, list) else [given] if given else []
            if values:
                field = self.fields[name]
                names = {str(key): str(text) for key, text in field.choices}  # type: ignore[attr-defined]  # choice fields
                found.append((str(field.label), "、".join(names.get(str(value), str(value)) for value in values)))
        return found
