"""The forms of indicators: facts are chosen, never typed."""

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from foundation.ui.forms import form_field
from indicators.actions import REVISABLE
from indicators.catalogue import areas_of_catalogue
from indicators.formulas import MINUS, plain_code
from indicators.models import Indicator
from records.core.kinds import all_facts, area_label
from records.models import ReportingQuarter

#: So many quarters ahead of the running one an indicator may begin or end.
AHEAD = 8


def fact_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every fact by what it is told in: the area and the kind of record, or the registers; each with its unit."""
    kinds = {fact.code: kind for kind, fact in all_facts()}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, fact in declared_facts().items():
        kind = kinds.get(code)
        group = f"{area_label(kind.area)} · {kind.label}" if kind else _("名录、应报和填报情况")
        groups[group].append((code, f"{fact.label}（{fact.unit}）"))
    return sorted(groups.items())


def quarter_choices() -> list[tuple[str, str]]:
    """From the first quarter after the last closed one to some years ahead."""
    closed = ReportingQuarter.objects.filter(is_open=False).order_by("-code").values_list("code", flat=True).first()
    oldest = ReportingQuarter.objects.order_by("code").values_list("code", flat=True).first()
    now = Quarter.current()
    first = Quarter.parse(closed).next() if closed else Quarter.parse(oldest) if oldest else now
    return [(quarter.code, quarter.label) for quarter in first.through(now.shift(AHEAD))]


def _facts(label: Any, *, required: bool = False, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.SelectMultiple(attrs={"data-tom-select": ""}),
    )


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new indicator or a new version of one. The row is made and checked by the action."""

    added = _facts(gettext_lazy("分子：加上"), required=True, help_text=gettext_lazy("可选几个，相加。输入名称查找。"))
    taken = _facts(gettext_lazy("分子：减去"), help_text=gettext_lazy("一般不填。"))
    under_added = _facts(
        gettext_lazy("分母：加上"),
        help_text=gettext_lazy("不选就是合计数；选了就是分子除以分母，各级都用各数之和相除。"),
    )
    under_taken = _facts(gettext_lazy("分母：减去"), help_text=gettext_lazy("一般不填。"))
    area = forms.ChoiceField(
        label=gettext_lazy("领域"),
        error_messages={"invalid_choice": gettext_lazy("“%(value)s”不在可选的范围内。请从列表中选择。")},
    )
    valid_from = forms.ChoiceField(label=gettext_lazy("从哪个季度起用"))

    class Meta:
        model = Indicator
        fields = (
            "code",
            "name",
            "area",
            "unit",
            "direction",
            "period",
            "scale",
            "target",
            "owner",
            "source",
            "note",
            "order",
        )
        labels = {"period": gettext_lazy("周期"), "code": gettext_lazy("编号")}

    def __init__(self, *args: Any, indicator: Indicator | None = None, **kwargs: Any) -> None:
        self.indicator = indicator
        super().__init__(*args, **kwargs)
        choices = fact_choices()
        for name in ("added", "taken", "under_added", "under_taken"):
            form_field(self, name, forms.MultipleChoiceField).choices = choices
        form_field(self, "valid_from", forms.ChoiceField).choices = quarter_choices()
        self.initial["valid_from"] = Quarter.current().code
        # An area that was typed before areas were chosen stays with the indicator that has it.
        areas = dict.fromkeys([*areas_of_catalogue(), *([indicator.area] if indicator else [])])
        form_field(self, "area", forms.ChoiceField).choices = [("", _("请选择")), *((one, one) for one in areas)]
        if indicator is not None:
            del self.fields["code"]
            kept = {name: getattr(indicator, name) for name in self.fields if name in REVISABLE}
            self.initial = {**self.initial, **kept, **_sides(indicator)}

    def _post_clean(self) -> None:
        """Nothing: the action makes the row."""

    def sides(self) -> dict[str, list[str]]:
        """Numerator and denominator as they are kept."""
        data = self.cleaned_data
        return {
            "numerator": [*data["added"], *(f"{MINUS}{code}" for code in data["taken"])],
            "denominator": [*data["under_added"], *(f"{MINUS}{code}" for code in data["under_taken"])],
        }

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        own = {name: value for name, value in self.cleaned_data.items() if name in REVISABLE}
        return {**own, **self.sides()}

    @property
    def start(self) -> Quarter:
        return Quarter.parse(self.cleaned_data["valid_from"])


#: Field of the form for each side of the formula; both parts of a side say what is wrong with it.
FIELD_OF_SIDE = {"numerator": "added", "denominator": "under_added"}


def _sides(indicator: Indicator) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for side, plus, minus in (
        (indicator.numerator, "added", "taken"),
        (indicator.denominator, "under_added", "under_taken"),
    ):
        found[plus] = [term for term in side if not term.startswith(MINUS)]
        found[minus] = [plain_code(term) for term in side if term.startswith(MINUS)]
    return found


class RetireForm(forms.Form):
    valid_to = forms.ChoiceField(label=gettext_lazy("用到哪个季度为止"))
    reason = forms.CharField(label=gettext_lazy("停用的原因"), max_length=200)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, label) for code, label in quarter_choices() if code >= indicator.valid_from]
        before = Quarter.parse(offered[0][0]).previous() if offered else None
        if before is not None and before.code >= indicator.valid_from:
            # What is closed already keeps it: it may end with that.
            offered.insert(0, (before.code, before.label))
        form_field(self, "valid_to", forms.ChoiceField).choices = offered
