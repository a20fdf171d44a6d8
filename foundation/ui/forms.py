"""How forms look: a renderer with the portal's own field template, and Bootstrap classes on Django's own widgets.

Nothing to inherit from: any form rendered with ``{{ form.name.as_field_group }}`` (or ``{{ form }}``) looks right.
Plain date, date-time and yes/no/unknown widgets become native controls; a widget chosen on purpose is left alone.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import django.forms
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.template.backends.base import BaseEngine
from django.template.backends.django import DjangoTemplates
from django.utils.choices import BlankChoiceIterator
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.fields import unit_named

if TYPE_CHECKING:
    from django.template.backends.base import _EngineTemplate


#: Characters up to which a text field needs no whole line.
_SHORT = 60
#: What Django writes where nothing is chosen.
_DASHES = BLANK_CHOICE_DASH[0][1]


class YesNoUnknown(forms.RadioSelect):
    """是 / 否 / 未填报 as radio buttons; reads and writes as ``NullBooleanSelect`` does. ``is_needed``: an answer has to be
    given, so that none is no choice; until there is one no button is down."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, is_needed: bool = False) -> None:
        unsaid = [] if is_needed else [("unknown", _("未填报"))]
        super().__init__(attrs, choices=[("true", _("是")), ("false", _("否")), *unsaid])

    def format_value(self, value: object) -> list[str]:
        known = {True: "true", False: "false", "true": "true", "false": "false", "2": "true", "3": "false"}
        try:
            return [known.get(value, "unknown")]
        except TypeError:
            return ["unknown"]

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, UploadedFile[Any]]", name: str
    ) -> bool | None:
        known = {"true": True, "True": True, True: True, "false": False, "False": False, False: False}
        return known.get(data.get(name))


_F = TypeVar("_F", bound=forms.Field)


def form_field(form: forms.BaseForm, name: str, kind: type[_F]) -> _F:
    """The form's field as what it is, for settings its base lacks (``choices``, ``queryset``). Raises ``TypeError`` for
    a field of another kind."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is {type(field).__name__}, not {kind.__name__}")
    return field


def ask_to_choose(field: forms.ChoiceField) -> None:
    """The empty choice asks to choose, in place of Django's dashes."""
    offered = [choice for choice in cast("Iterable[tuple[Any, Any]]", field.choices) if choice[0] != ""]
    field.choices = [("", _("请选择")), *offered]


def mark(field: forms.Field, **marks: object) -> None:
    """Set what the field's template reads beside Django's own attributes: ``needed``, ``remark``, ``show_when``, ``unit``;
    ``last``: what stood here the last time; ``offered``: words to choose from while typing;
    ``live``: an address that is sent the value whenever it changes and answers with what to say of it."""
    for name, value in marks.items():
        setattr(field, name, value)


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, (forms.Select, forms.SelectMultiple)):
        return "form-select"
    if isinstance(widget, (forms.MultiWidget, forms.HiddenInput)):
        return ""
    return "form-control"


class PortalBoundField(BoundField):
    """A bound field that knows its control's classes and shape."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self._make_native(field)
        self._ask_in_place_of_dashes(field)
        #: ``data-show-when`` on a widget belongs to the whole field, label included.
        self.show_when: str = field.widget.attrs.pop("data-show-when", None) or getattr(field, "show_when", "")
        #: A unit written behind the control (人, 万元), given as the widget attribute ``data-unit``.
        self.unit: str = field.widget.attrs.pop("data-unit", None) or getattr(field, "unit", "")

    @staticmethod
    def _make_native(field: forms.Field) -> None:
        """The field is this form's own copy, so its widget may be changed. Exact types: a subclass was chosen."""
        widget = field.widget
        if type(widget) is forms.DateInput:
            widget.input_type, widget.format = "date", "%Y-%m-%d"
        elif type(widget) is forms.DateTimeInput:
            widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
        elif type(widget) is forms.NullBooleanSelect:
            field.widget = YesNoUnknown(widget.attrs, is_needed=getattr(field, "needed", False))
        elif type(widget) is forms.NumberInput:
            # FloatField and DecimalField are subclasses of IntegerField.
            widget.attrs.setdefault("inputmode", "numeric" if type(field) is forms.IntegerField else "decimal")
        elif type(widget) is forms.Textarea and widget.attrs.get("rows") == "10":
            widget.attrs["rows"] = "4"

    @staticmethod
    def _ask_in_place_of_dashes(field: forms.Field) -> None:
        """Django's dashes say nothing; an empty choice with words of its own keeps them."""
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == _DASHES:
                field.empty_label = str(_("请选择"))
                field.widget.choices = field.choices
        # A model's own list; others may ask the database, and are not looked at before they are shown.
        elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, (list, BlankChoiceIterator)):
            if ("", _DASHES) in list(field.choices):
                ask_to_choose(field)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        own = str(attrs.get("class") or widget.attrs.get("class", ""))
        wanted = [own, _css_class(widget), "is-invalid" if self.errors and not widget.is_hidden else ""]
        if classes := " ".join(part for part in wanted if part):
            attrs["class"] = classes
        if type(widget) is forms.NumberInput and (unit := self.unit or unit_named(str(self.help_text))):
            # What may stand behind a number that is pasted.
            attrs["data-pasted-unit"] = unit
        if (self.field.required or getattr(self.field, "needed", False)) and self.shape == "control":
            # The form is checked by the server (``novalidate``), for a draft may have gaps: this only tells.
            attrs |= {"required": True, "aria-required": "true"}
        return attrs

    @property
    def shape(self) -> str:
        """Which part of the field template draws it: ``check``, ``choices`` or ``control``."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "check"
        return "choices" if self.use_fieldset else "control"

    @property
    def size(self) -> str:
        """How wide what the field holds is: ``number``, ``day``, ``short`` or ``long``; short ones may stand side by side."""
        field, widget = self.field, self.field.widget
        if self.shape != "control" or isinstance(widget, (forms.Textarea, forms.FileInput, forms.SelectMultiple)):
            return "long"
        if isinstance(field, forms.IntegerField):  # and with it decimals and floats
            return "number"
        if isinstance(field, (forms.DateField, forms.DateTimeField)):
            return "day"
        if isinstance(field, forms.ModelChoiceField):
            return "long"
        if isinstance(field, forms.ChoiceField):
            return "short"
        most = getattr(field, "max_length", None)
        return "short" if most is not None and most <= _SHORT else "long"


class PortalFormRenderer(BaseRenderer):
    """Finds the portal's templates first, then each app's, then Django's own widget templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
    bound_field_class = PortalBoundField

    @cached_property
    def engine(self) -> BaseEngine:
        return DjangoTemplates(
            {
                "NAME": "portal-forms",
                "APP_DIRS": True,
                "DIRS": [
                    Path(settings.BASE_DIR) / "templates",
                    Path(__file__).parent / "templates",
                    Path(django.forms.__file__).parent / "templates",
                ],
                "OPTIONS": {"builtins": ["foundation.ui.templatetags.ui"]},
            }
        )

    def get_template(self, template_name: str) -> "_EngineTemplate":
        return self.engine.get_template(template_name)


class QuickSelect(forms.Select):
    """A select that writes its options itself. Django draws each from a template: for the hundred kinds of records that
    costs a third of a list's time."""

    def render(
        self, name: str, value: object, attrs: dict[str, object] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        parts = [
            format_html('<optgroup label="{}">{}</optgroup>', group, _options(options)) if group else _options(options)
            for group, options, _index in widget["optgroups"]
        ]
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(widget["attrs"]),
            format_html_join("", "{}", ((part,) for part in parts)),
        )


def _options(options: Iterable[Mapping[str, Any]]) -> SafeString:
    rows = ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
