"""Reading requests strictly: unknown names are refused, wrong types are refused, and nothing is guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.problems import FieldProblem, InvalidInput, Problem, field_problem, form_problems, unknown_names
from enterprises.models import Enterprise
from foundation.places.models import Place
from records.core.forms import RecordForm
from records.core.kinds import RecordKind
from records.core.line_forms import LinesField
from records.core.lines import Cell, path_of, place_label
from records.core.periods import period_choices
from records.core.several import SeveralField
from records.core.values import label_of
from records.models import Record

#: Fields of the form that are not values of the record.
_MACHINERY = {"form_token", "version"}
_EMPTY = (None, "")


def body_object(data: Any) -> Mapping[str, Any]:
    """The body as an object of names and values. Text that no database can keep is refused here."""
    if not isinstance(data, Mapping):
        raise Problem("unreadable", 400, _('请求体应是一个 JSON 对象。请写成 {"字段": 值} 的形式。'))
    refuse_unstorable(data)
    return data


def refuse_unstorable(values: Mapping[str, Any]) -> None:
    """Raise ``InvalidInput`` for names and texts that no database can keep."""
    bad = [name for name, value in values.items() if not (_is_text(name) and _is_text(value))]
    if bad:
        raise InvalidInput([_bad_text(name) for name in bad])


def _is_text(value: Any) -> bool:
    """False for text with half characters (lone surrogates) or the NUL character."""
    if not isinstance(value, str):
        return True
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _bad_text(name: str) -> FieldProblem:
    shown = name if _is_text(name) else "?"
    return FieldProblem(
        shown, "", _("“%s”中有无法保存的字符。") % shown, _("请去掉不成对的代理字符和空字符后重新发送。")
    )


class StrictSerializer(serializers.Serializer[dict[str, Any]]):
    """A serializer for reading. Use through ``read``."""


def missing(field: str, label: str) -> FieldProblem:
    """A member the request must have and has not."""
    return FieldProblem(field, label, _("缺少“%s”。") % label, _("请在请求中补上 %s。") % field)


def _message(field: str, label: str, error: ErrorDetail) -> FieldProblem:
    if error.code in {"required", "null", "blank"}:
        return missing(field, label)
    return field_problem(field, label, str(error))


def read(serializer_class: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """The validated values. Raises ``InvalidInput`` with every problem, unknown names included."""
    given = body_object(data)
    serializer = serializer_class(data=given)
    errors = unknown_names((name for name in given if name not in serializer.fields), serializer.fields)
    if not serializer.is_valid():
        for name, details in serializer.errors.items():
            field = serializer.fields.get(name)
            label = str(field.label) if field is not None else ""
            errors.extend(_message(name if field is not None else "", label, detail) for detail in details)
    if errors:
        raise InvalidInput(errors)
    return dict(serializer.validated_data)


# --- the kind's own fields ----------------------------------------------------------------------


def _type_problem(name: str, field: forms.Field, value: Any) -> FieldProblem | None:
    """JSON knows more than a form field: what the form would quietly turn into text or drop is refused."""
    label = str(field.label)
    if value is None:
        return None
    if isinstance(field, forms.NullBooleanField):
        if (value in (True, False) and isinstance(value, bool)) or value in ("true", "false", ""):
            return None
        return FieldProblem(
            name, label, _("“%s”应是 true、false 或 null。") % label, _("是填 true，否填 false，未填报填 null。")
        )
    if isinstance(field, forms.IntegerField):
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return None
        return field_problem(name, label, str(field.error_messages["invalid"]))
    if isinstance(field, SeveralField):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return None
        cure = _('请写成 ["代码", …] 的形式；没有的写 []。')
        return FieldProblem(name, label, _("“%s”应是一个数组，一项一个代码。") % label, cure)
    if isinstance(value, str):
        return None
    if isinstance(field, forms.DateField):
        return field_problem(name, label, str(field.error_messages["invalid"]))
    return FieldProblem(name, label, _("“%s”应是文字。") % label, _("请加上引号，写成 JSON 字符串。"))


def _row_problems(name: str, field: LinesField, value: Any) -> list[FieldProblem]:
    """What of lines is no list of objects, is named as no cell is, or is of the wrong type."""
    label = str(field.label)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        cure = _('请写成 [{"字段": 值}, …] 的形式；没有的写 []。')
        return [FieldProblem(name, label, _("“%s”应是一个数组，一行一个对象。") % label, cure)]
    lines, cells = field.lines, field.row_form.base_fields
    found: list[FieldProblem] = []
    for number, row in enumerate(value, 1):
        for cell, said in row.items():
            place = Cell(number, cell if cell in cells else "")
            path, where = path_of(name, place), place_label(lines, place)
            if cell not in cells:
                reason = _("%(where)s没有“%(name)s”这一项。") % {
                    "where": where,
                    "name": cell if _is_text(cell) else "?",
                }
                cure = _("可用的有：%s。") % _("、").join(cells)
                found.append(FieldProblem(path, where, reason, cure))
            elif not _is_text(said):
                found.append(replace(_bad_text(path), label=where))
            elif problem := _type_problem(path, cells[cell], said):
                found.append(replace(problem, label=where))
    return found


def _sort_out(
    given: Mapping[str, Any], form: RecordForm, kind: RecordKind
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """What was given for the form's fields, and what is wrong with the rest."""
    writable = [name for name in form.fields if name not in _MACHINERY]
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, value in given.items():
        if name in writable:
            values[name] = value
            field = form.fields[name]
            if isinstance(field, LinesField):
                problems.extend(_row_problems(name, field, value))
            elif problem := _type_problem(name, form.fields[name], value):
                problems.append(problem)
        elif name in kind.fields and name not in form.fields and not (kind.is_return and name == "title"):
            # The kind has the field, but not for this enterprise. An empty value says the same.
            if value not in _EMPTY:
                label = label_of(kind, name)
                reason = _("这家企业不填“%s”。") % label
                problems.append(FieldProblem(name, label, reason, _("请去掉 %s，或改为 null。") % name))
        else:
            problems.extend(unknown_names([name], writable))
    return values, problems


def record_form(
    given: Mapping[str, Any],
    *,
    kind: RecordKind,
    filer: Enterprise | Place,
    record: Record | None = None,
    besides: Iterable[str],
) -> RecordForm:
    """The page's own form, filled from the body (over the stored values of ``record``) and valid.

    ``besides`` are the members of the body that are not the kind's. Raises ``InvalidInput`` in the form's words.
    """
    blank = RecordForm(kind=kind, filer=filer, record=record)
    values, problems = _sort_out(
        {name: value for name, value in given.items() if name not in set(besides)}, blank, kind
    )
    if problems:
        raise InvalidInput(problems)
    if record is not None:
        stored = {name: blank.initial.get(name) for name in blank.fields if name not in _MACHINERY}
        values = {**stored, **values}
    elif kind.is_return and values.get("period") in _EMPTY and (choices := period_choices(kind)):
        # As on the page, where the first period of the list is already chosen.
        values["period"] = choices[0][0]
    form = RecordForm(values, kind=kind, filer=filer, record=record)
    if not form.is_valid():
        raise InvalidInput(form_problems(form))
    return form
