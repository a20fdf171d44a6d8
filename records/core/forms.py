"""One form for every kind, built from its declaration. Pages and API validate through it, so their words agree."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.calendar.periods import Period
from foundation.folding import standard
from foundation.places.models import Place
from foundation.saying import filled
from foundation.ui.forms import mark
from records.core.actions import place_columns
from records.core.cited import offered_to
from records.core.form_fields import asked_of
from records.core.kinds import RecordKind
from records.core.line_forms import LinesField
from records.core.lines import Cell, check_lines, place_in, rows_of, stored_rows
from records.core.listed import Names, Whose, in_names, no_such_number
from records.core.models import CitedLine, LineReference, Record, listed_names, references_of
from records.core.models.cited import LineChoiceField
from records.core.periods import period_choices
from records.core.transitions import SAYS_NOTHING, says_nothing, untitled
from records.core.values import stored


def _as_sent(value: Any) -> str:
    """A value as the browser sends it, for ``data-show-when``."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


class RecordForm(forms.Form):
    """The fields of one kind for one ``filer``: an enterprise, or an office that reports what it did itself.

    ``submitting`` asks for everything the kind requires; a draft may be saved with gaps. Model checks run in both, so
    impossible values are refused at once.
    """

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        kind: RecordKind,
        filer: Enterprise | Place,
        record: Record | None = None,
        submitting: bool = False,
        **kwargs: Any,
    ) -> None:
        self.kind, self.filer, self.record, self.submitting = kind, filer, record, submitting
        self._offered: dict[str, list[CitedLine]] = {}
        self._place = kind.model(**place_columns(filer))
        self._names = Names()
        kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        if kind.is_return:
            self._add_period()
        names = [name for name in kind.fields if not (kind.is_return and name == "title")]
        built = fields_for_model(kind.model, fields=names, formfield_callback=asked_of)
        for name in names:
            field = built[name]
            # Whether a field that is not always shown may stay empty is known only with the others' values.
            field.required = submitting and name in kind.required and name not in kind.shown_when
            field.error_messages["required"] = gettext_lazy("这一项还没有填。提交前请填好；暂时没有数据可先存草稿。")
            mark(field, needed=name in kind.required)
            self.fields[name] = field
        for lines in kind.lines:
            self.fields[lines.name] = LinesField(lines, self._lines_offered)
        for reference in references_of(kind.model):
            if isinstance(asked := self.fields.get(reference.name), LineChoiceField):
                asked.offer(self._lines_offered(reference))
        self._say_what_is_known()
        self._mirror_people()
        for name in kind.left_out(self.filer):
            self.fields.pop(name, None)
        if self.enterprise is not None:
            kind.prepare_form(self, self.enterprise)
        for name, (other, values) in kind.shown_when.items():
            if name in self.fields and other in self.fields:
                mark(self.fields[name], show_when=f"{other}={','.join(_as_sent(value) for value in values)}")

    @property
    def enterprise(self) -> Enterprise | None:
        """The enterprise that reports; None where an office reports for itself."""
        return self.filer if isinstance(self.filer, Enterprise) else None

    def blank(self) -> Record:
        """An empty row of the kind that knows who reports."""
        office = None if isinstance(self.filer, Enterprise) else self.filer
        return self.kind.model(enterprise=self.enterprise, office=office)

    def _mirror_people(self) -> None:
        """In a single event everybody usually comes once: 人次 follows 人数 in the browser while nobody has typed it."""
        if not self.kind.is_return and {"number_of_people", "attendances"} <= set(self.fields):
            self.fields["attendances"].widget.attrs["data-follows"] = "number_of_people"

    def _say_what_is_known(self) -> None:
        """Nobody looks up what the portal has: the staff of the register, and that today is the last possible day."""
        headcount = self.enterprise.headcount if self.enterprise is not None else None
        if "number_of_people" in self.fields and headcount is not None:
            field = self.fields["number_of_people"]
            staff = filled(_("企业名录中的职工人数为 %d 人。"), headcount)
            field.help_text = f"{field.help_text}{staff}"
        if "happened_on" in self.fields:
            self.fields["happened_on"].widget.attrs["max"] = timezone.localdate().isoformat()
            if not self.kind.is_return:
                address = reverse("records:counts_in", args=[self.kind.slug])
                if self.enterprise is not None:
                    address += f"?enterprise={self.enterprise.credit_code}"
                mark(self.fields["happened_on"], live=address)

    def _initial(self) -> dict[str, Any]:
        if self.record is None:
            values: dict[str, Any] = {"form_token": uuid.uuid4()}
            if "happened_on" in self.kind.fields and not self.kind.is_return:
                values["happened_on"] = timezone.localdate()
            return values
        values = {name: stored(self.record, name) for name in [*self.kind.fields, "period"]}
        values |= {lines.name: stored_rows(self.record, lines) for lines in self.kind.lines}
        if values.get("title") == untitled(self.kind):
            values["title"] = ""
        return {**values, "version": self.record.version, "form_token": self.record.form_token}

    # --- lines of other kinds

    def _lines_offered(self, field: LineReference) -> list[CitedLine]:
        """What the field may refer to, what suits it first. Read once a kind that is referred to."""
        if self.enterprise is None:
            return []
        if field.cites not in self._offered:
            self._offered[field.cites] = offered_to(self.enterprise, field.cites, besides=self._cited_now())
        return sorted(self._offered[field.cites], key=lambda row: not field.suits(row))

    def _cited_now(self) -> set[str]:
        """The codes that the record refers to: they stay offered whatever became of them."""
        if self.record is None:
            return set()
        named = {stored(self.record, field.name) for field in references_of(self.kind.model)}
        for lines in self.kind.lines:
            columns = [field.attname for field in references_of(lines.model)]
            named |= (
                {getattr(row, column) for row in rows_of(self.record, lines) for column in columns}
                if columns
                else set()
            )
        return named - {None}

    def refer_to_what_is_on_file(self) -> None:
        """Where one line alone suits a reference nobody has answered yet, it stands in the form, to be confirmed."""
        for field in references_of(self.kind.model):
            asked = field.answers or field.name
            if field.name not in self.fields or self.is_bound or self.initial.get(asked) not in (None, ""):
                continue
            since = self._period_begins() if field.since_period else None
            suitable = [
                row
                for row in self._lines_offered(field)
                if row.stands and field.suits(row) and (since is None or (row.day is not None and row.day >= since))
            ]
            if len(suitable) == 1:
                self.initial[field.name] = suitable[0].pk
                if field.answers:
                    self.initial[field.answers] = True
                note = _("已按职代会会议带出，请核对。")
                self.fields[field.name].help_text = f"{self.fields[field.name].help_text}{note}"

    def _period_begins(self) -> datetime.date | None:
        period = self.initial.get("period")
        return Period.parse(period).first_day if period else None

    def _add_period(self) -> None:
        choices = period_choices(self.kind)
        filed_for = self.record.period if self.record is not None else None
        if filed_for is not None and filed_for not in dict(choices):
            choices.append((filed_for, self.kind.title_for(filed_for).removesuffix(self.kind.label)))
        field = forms.ChoiceField(label=_("报告期"), choices=choices, required=True)
        mark(field, needed=True)
        field.error_messages["invalid_choice"] = _("“%(value)s”没有开放填报。请从列表中选择报告期。")
        self.fields["period"] = field

    def fieldsets(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(title, help, bound fields) as declared, without groups that became empty."""
        groups = []
        if "period" in self.fields:
            groups.append((_("报告期"), "", [self["period"]]))
        for group in self.kind.fieldsets:
            bound = [self[name] for name in (*group.fields, group.lines) if name in self.fields]
            if bound:
                groups.append((str(group.title), str(group.help), bound))
        return groups

    def short_and_rest(self) -> tuple[list[forms.BoundField], list[tuple[str, str, list[forms.BoundField]]]]:
        """For quick entry: what a hand-in needs, on one page; and the groups of what may be added."""
        short = [self[name] for name, field in self.fields.items() if getattr(field, "needed", False)]
        rest = [
            (title, help, [bound for bound in fields if not getattr(bound.field, "needed", False)])
            for title, help, fields in self.fieldsets()
        ]
        return short, [group for group in rest if group[2]]

    def show_last_period(self, label: str, told: Mapping[str, str]) -> None:
        """What the last return said, beside each field."""
        for name, value in told.items():
            if name in self.fields:
                mark(self.fields[name], last=_("%(period)s：%(value)s") % {"period": label, "value": value})

    def offer_words(self, words: Mapping[str, Sequence[str]]) -> None:
        """What was written before in each text field, to choose from while typing."""
        for name, offered in words.items():
            if name in self.fields:
                self.fields[name].widget.attrs["list"] = f"used-{name}"
                mark(self.fields[name], offered=offered)

    def show_remarks(self, comments: Mapping[str, str]) -> None:
        """What the office remarked on single fields, to stand beside them."""
        for name, text in comments.items():
            if name in self.fields:
                mark(self.fields[name], remark=text)

    def values(self) -> dict[str, Any]:
        """What the actions take: the kind's own fields and the period."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"form_token", "version"}}

    def clean(self) -> dict[str, Any]:
        """Run the model's own checks on a copy, so that page, API and import refuse with the same words."""
        super().clean()
        cleaned = self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                # What old programs wrote for a character is that character from here on.
                cleaned[name] = standard(value)
        self._name_what_is_numbered(cleaned)
        draft = self.blank()
        for name, value in cleaned.items():
            if name in self.kind.fields or name == "period" or isinstance(self.fields[name], LinesField):
                setattr(draft, name, value)
        self._drop_hidden(draft, cleaned)
        self._name_gaps(draft, cleaned)
        self._check_lines(draft)
        try:
            draft.clean()
        except forms.ValidationError as problem:
            self._take_over(problem)
        return cleaned

    def _name_what_is_numbered(self, cleaned: dict[str, Any]) -> None:
        """Where a number of a register was typed for a name, the name stands; one that is no row's is refused."""
        whose = Whose(**{name: getattr(self._place, f"{name}_id") for name in Whose._fields})
        for field in listed_names(self.kind.model):
            if cleaned.get(field.name):
                cleaned[field.name], unknown = in_names(self._names, whose, field, cleaned[field.name])
                for number in unknown:
                    self.add_error(field.name, no_such_number(field, number))
        for lines in self.kind.lines:
            asked = self.fields.get(lines.name)
            if not isinstance(asked, LinesField):
                continue
            for field in listed_names(lines.model):
                for at, row in enumerate(cleaned.get(lines.name) or (), 1):
                    text, unknown = in_names(self._names, whose, field, getattr(row, field.name) or "")
                    setattr(row, field.name, text)
                    if unknown:
                        asked.problems[Cell(at, field.name)] = [no_such_number(field, one) for one in unknown]

    def _drop_hidden(self, draft: Record, cleaned: dict[str, Any]) -> None:
        """What the other values hide is empty, whatever was sent for it."""
        self.kind.clear_hidden(draft)
        for name in self.kind.shown_when:
            if name in self.fields and not self.kind.is_shown(draft, name):
                self.errors.pop(name, None)
                cleaned[name] = getattr(draft, name)
                if isinstance(field := self.fields[name], LinesField):
                    field.forget()

    def _name_gaps(self, draft: Record, cleaned: dict[str, Any]) -> None:
        """Every empty field at once: Django takes an unanswered yes-no question for an answer."""
        for name in self.kind.required_of(draft) if self.submitting else ():
            if name in self.fields and name not in self.errors and cleaned.get(name) in (None, ""):
                self.add_error(name, str(self.fields[name].error_messages["required"]))
        if self.submitting and not self.errors and says_nothing(draft, self.kind):
            self.add_error(None, str(SAYS_NOTHING))

    def _check_lines(self, draft: Record) -> None:
        for lines in self.kind.lines:
            field = self.fields.get(lines.name)
            if isinstance(field, LinesField) and self.kind.is_shown(draft, lines.name):
                found = check_lines(draft, lines, is_complete=self.submitting)
                for problem in field.take({cell: messages for (_name, cell), messages in found.items()}):
                    self.add_error(lines.name, problem)

    def _take_over(self, problem: forms.ValidationError) -> None:
        for path, messages in problem.message_dict.items():
            name, cell = place_in(path)
            field = self.fields.get(name)
            for message in messages:
                if isinstance(field, LinesField):
                    self.add_error(name, field.placed(cell, message))
                else:
                    self.add_error(name if name in self.fields else None, message)

    def add_problems(self, problem: forms.ValidationError) -> None:
        """Show what an action refused beside the fields it is about."""
        if hasattr(problem, "error_dict"):
            self._take_over(problem)
        else:
            for message in problem.messages:
                self.add_error(None, message)
