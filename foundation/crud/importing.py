"""A register on the import pipeline: the sheet has the fields of its form, a row is known by the natural key, each row is
checked by the form and by what the action checks, and written by the action. What a file does not say stays."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log
from foundation.crud.actions import filled
from foundation.crud.building import form_of
from foundation.crud.resource import Resource
from foundation.crud.values import differences, logged
from foundation.exchange.columns import NUMBER, SHEET, Column, column_of
from foundation.exchange.headings import normal
from foundation.exchange.models import Import, Outcome, StagedRow
from foundation.exchange.readings import CellProblem
from foundation.exchange.resources import ImportResource, Written, register_import
from foundation.exchange.rows import SheetRow
from foundation.exchange.sheets import mark
from foundation.exchange.templates import add_lists, explain, fill_heads, protect
from foundation.exchange.widgets import CellWidget, ChoiceWidget, narrow, shown
from foundation.fields import field_of, target_of
from foundation.folding import fold
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from foundation.ui.workbooks import as_bytes, for_paper

#: So many places a cure names.
_PLACES_NAMED = 12
#: How long a unified social credit code is.
_CREDIT_CODE = 18


class PlaceWidget(ChoiceWidget):
    """A place by its full name, its own name where that is clear, or its code."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__({place.pk: place.full_name() for place in places})
        names = [narrow(place.name) for place in places]
        for place in places:
            self.keys.setdefault(narrow(place.code), place.pk)
            if names.count(narrow(place.name)) == 1:
                self.keys.setdefault(narrow(place.name), place.pk)


class UnitWidget(PlaceWidget):
    """A place as above, or an enterprise's by its unified social credit code or its name, as lists show it: too many to
    be listed."""

    def read(self, value: Any) -> Any:
        said = narrow(shown(value)).strip()
        if fold(said) in self.keys:
            return super().read(value)
        enterprises = Place.objects.filter(level=Level.ENTERPRISE)
        if len(said) == _CREDIT_CODE:
            found = enterprises.filter(code=said.upper()).values_list("pk", flat=True).first()
            if found is not None:
                return found
        named = enterprises.filter(name=shown(value).strip()).values_list("pk", flat=True)[:2]
        if len(named) > 1:
            raise CellProblem(_("叫“%s”的企业不止一家。") % shown(value), _("请改填统一社会信用代码。"))
        return named[0] if named else super().read(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None or value in self.labels:
            return super().render(value, obj, **kwargs)
        return Place.objects.values_list("code", flat=True).get(pk=value)


def _columns(resource: Resource, places: Sequence[Place]) -> list[Column]:
    columns = [Column(NUMBER, _("序号"), _("写着“示例”的行不导入。"), False, CellWidget(), is_ours=True)]
    for name in resource.fields:
        field = field_of(resource.model, name)
        needed = not field.blank and not field.has_default() and not isinstance(field, models.BooleanField)
        if field.related_model is Place:
            place_widget = UnitWidget if resource.names_enterprises else PlaceWidget
            columns.append(column_of_place(field, places, place_widget, needed=needed))
        else:
            widget = resource.cells[name]() if name in resource.cells else None
            columns.append(column_of(field, needed=needed, widget=widget))
    return columns


def _only_exported(resource: Resource, columns: Sequence[Column]) -> list[Column]:
    """What the exported list shows besides the fields of the form: known when the file comes back, and not read."""
    known = {normal(column.heading) for column in columns}
    shown_only = [column for column in resource.sheet if normal(str(column.heading)) not in known]
    return [
        Column(f"_shown_{number}", str(column.heading), "", False, CellWidget(), is_shown_only=True)
        for number, column in enumerate(shown_only, 1)
    ]


def column_of_place(
    field: "models.Field[Any, Any]",
    places: Sequence[Place],
    widget: type[PlaceWidget] = PlaceWidget,
    *,
    needed: bool,
) -> Column:
    note = str(field.help_text) or _("写全称（如“南京市江宁区”）或行政区划代码。")
    return Column(field.name, str(field.verbose_name), note, needed, widget(places), field.attname)


class RegisterImport(ImportResource):
    """Base of the import of every register; ``import_of`` makes one of a resource."""

    resource: ClassVar[Resource]
    can_undo = True
    #: Each row is an action of its own, with its statements: a part must not hold others' saves up for long.
    part = 200

    def __init__(self, options: Mapping[str, Any]) -> None:
        resource = self.resource
        refers = [name for name in resource.fields if field_of(resource.model, name).related_model is Place]
        places = list(resource.open_places().select_related("city").order_by("code")) if refers else []
        self.slug, self.label = resource.key, resource.heading
        self.keys = resource.natural_key
        self.heads = [name for name in resource.fields if not field_of(resource.model, name).blank] or resource.fields
        columns = _columns(resource, places)
        super().__init__([*columns, *_only_exported(resource, columns)])

    @classmethod
    def address(cls, step: str = "", *args: Any) -> str:
        return reverse(f"{cls.resource.room}:{cls.url_name}{step}", args=args)

    @classmethod
    def list_context(cls, request: PortalRequest) -> dict[str, Any]:
        return {"back_url": cls.resource.url("list"), "back_label": cls.resource.heading}

    def result_address(self, batch: Import) -> str:
        return self.resource.url("list")

    def row_address(self, target: str) -> str:
        has_page = self.resource.has_page("detail")
        return reverse(self.resource.url_name("detail"), args=[target]) if has_page else ""

    def template(self, user: Actor) -> tuple[bytes, str]:
        """With the person's own places to choose from."""
        resource = self.resource
        columns = _columns(resource, list(resource.places(user).select_related("city").order_by("code")))
        workbook = Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = SHEET
        fill_heads(sheet, columns, _example)
        for_paper(sheet)
        sheet.freeze_panes = "C2"
        add_lists(workbook, sheet, columns, first=2)
        protect(sheet)
        known = "、".join(self.by_name[name].heading for name in resource.natural_key if name in self.by_name)
        lines = (
            _("在“填报”表中一行填一项；黄色表头的列必填；写着“示例”的行不会导入，可以删除。"),
            _("已登记的按%s认出：填了的格按表修改，空着的格不改动。") % known,
            _("填好后上传。先看检查结果，确认后才写入；同一个文件导入两次不会重复。"),
        )
        explain(workbook.create_sheet("说明"), _("%s填写说明") % resource.heading, lines, columns)
        mark(workbook, [(SHEET, self.slug)])
        return as_bytes(workbook), _("%s_模板.xlsx") % resource.heading

    # --- the way of the rows

    @property
    def writes(self) -> Sequence[type[models.Model]]:
        return (self.resource.model,)

    def checker(self, batch: Import) -> "RegisterChecker":
        return RegisterChecker(self, batch.created_by)

    def write(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[Written]:
        """Each row by the register's action, in a savepoint of its own: what is refused by now is handed back."""
        return [self._write_row(batch, row) for row in rows]

    def _write_row(self, batch: Import, staged: StagedRow) -> Written:
        resource, model = self.resource, self.resource.model
        row = model._default_manager.filter(pk=staged.target).first() if staged.outcome == Outcome.CHANGED else None
        if staged.outcome == Outcome.CHANGED and row is None:
            return Written(refusal=_("检查之后，这一项已被删除。"))
        before = None if row is None else plain(row, resource.fields)
        values = typed(model, staged.values["values"])
        try:
            with transaction.atomic():
                saved = resource.save(
                    acting_user=batch.created_by, values=values, row=row, version=staged.values.get("version")
                )
        except (ValidationError, Refused) as problem:
            return Written(refusal=_text(problem))
        return Written(str(saved.pk), {"was": before, "is": plain(saved, resource.fields)})

    def undo(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[str]:
        """New rows go, changed ones get their values back. What somebody has changed since, or refers to, stays."""
        return [self._undo_row(batch, row) for row in rows]

    def _undo_row(self, batch: Import, staged: StagedRow) -> str:
        resource, said = self.resource, staged.said["before"]
        # Locked: nobody adds anything to it between the look and the deletion.
        row: Any = resource.model._default_manager.select_for_update(of=("self",)).filter(pk=staged.target).first()
        if row is None:
            return _("这一项已被删除。")
        if plain(row, resource.fields) != said["is"]:
            return _("这一项导入之后又有人修改过。")
        if said["was"] is None and (added := goes_along(row)):
            return _("这一项导入之后已登记了“%s”，删除它会一并删除这些内容。") % added
        try:
            with transaction.atomic():
                if said["was"] is None:
                    log(resource.taken_back_event, by=batch.created_by, on=row, note=_("撤销导入：%s") % batch.filename)
                    resource.taken_back(row)
                    row.delete()
                else:
                    resource.save(acting_user=batch.created_by, values=typed(resource.model, said["was"]), row=row)
        except (ProtectedError, RestrictedError):
            return _("这一项导入之后已被引用。")
        except (ValidationError, Refused) as problem:
            return _text(problem)
        return ""


class RegisterChecker:
    """Judges rows as the register's form and its action would, without writing."""

    def __init__(self, resource: RegisterImport, user: Actor) -> None:
        self.imported, self.resource, self.user = resource, resource.resource, user
        self.form = form_of(self.resource)
        self.seen: dict[tuple[str, ...], tuple[str, int]] = {}

    def check(self, rows: Sequence[SheetRow]) -> None:
        known = self._known(rows)
        for row in rows:
            self._check(row, known)

    def _key(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(getattr(values.get(name), "pk", values.get(name)) or "") for name in self.resource.natural_key)

    def _known(self, rows: Sequence[SheetRow]) -> dict[tuple[str, ...], Any]:
        """The rows of the portal that the sheet's rows may be, by natural key; of what the person does not see nothing is
        told. One query."""
        name = self.resource.natural_key[-1]
        wanted = {str(row.read[name]) for row in rows if row.read.get(name)}
        seen = self.resource.rows(self.user).order_by().values("pk")
        found = self.resource.model._default_manager.filter(**{f"{name}__in": sorted(wanted)}, pk__in=seen)
        # References by their keys, so that nothing more is read.
        columns = {key: field_of(self.resource.model, key).attname for key in self.resource.natural_key}
        return {self._key({key: getattr(one, column) for key, column in columns.items()}): one for one in found}

    def _check(self, row: SheetRow, known: Mapping[tuple[str, ...], Any]) -> None:
        columns = self.imported.by_name
        read = {name: value for name, value in row.read.items() if name in self.resource.fields}
        row.title = str(read.get("name") or read.get(self.resource.natural_key[-1]) or "")
        existing = known.get(self._key(read))
        # What the file leaves empty stays as it is; a new row starts from what the model begins with.
        start = existing if existing is not None else self.resource.model()
        said = {name: value for name, value in read.items() if value not in (None, "")}
        data = {**plain(start, self.resource.fields), **said}
        is_fixed = existing is not None and not verdict(self.user, self.resource.permissions.change, existing)
        if existing is not None and is_fixed and not row.problems and _says_the_same(existing, said):
            # An exported list holds what this person may see and not change, and brings it back.
            row.target = str(existing.pk)
            row.settle(Outcome.UNCHANGED)
            return
        form = self.form(
            # A box that is not ticked is not sent; 0 is a number like any other.
            {name: value for name, value in data.items() if value is not None and value is not False},
            instance=existing,
            user=self.user,
        )
        for name, messages in form.errors.items():
            for message in messages if name not in row.told() else ():
                row.refuse(columns.get(name), message, self._own_places(name))
        key = self._key(data)
        if not row.problems and key in self.seen:
            row.refuse(None, _("与本文件%s是同一项。") % row.other_row(self.seen[key]), _("请只留一行。"))
            row.settle(Outcome.CONFLICT)
            return
        if not row.problems:
            self._examine(row, existing, form.cleaned_data)
        if row.problems:
            row.settle(Outcome.INVALID)
            return
        self.seen[key] = row.place

    def _own_places(self, name: str) -> str:
        """What may stand in a column of places: this person's own, where the column knows all."""
        column = self.imported.by_name.get(name)
        if column is None or not isinstance(column.widget, PlaceWidget):
            return ""
        own = self.resource.places(self.user).select_related("city").order_by("code")[:_PLACES_NAMED]
        return _("可填：%s。") % "、".join(place.full_name() for place in own)

    def _examine(self, row: SheetRow, existing: Any, cleaned: Mapping[str, Any]) -> None:
        """What the action would refuse; what would change."""
        resource, columns = self.resource, self.imported.by_name
        before = logged(existing, resource.fields) if existing is not None else {}
        if existing is not None and not (answer := verdict(self.user, resource.permissions.change, existing)):
            row.refuse(None, answer.reason)
            return
        version = getattr(existing, "version", None) if resource.is_versioned else None
        made = existing if existing is not None else resource.model()
        try:
            filled(resource, made, cleaned, is_new=existing is None).full_clean()
        except ValidationError as problem:
            named = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
            for name, messages in named.items():
                for message in messages:
                    row.refuse(columns.get(name), message)
            return
        if answer := verdict(self.user, resource.permissions.change, made):
            changes = differences(before, logged(made, resource.fields))
            row.values = {"values": plain(made, resource.fields), "version": version}
            row.changes = [{"label": label, "old": old, "new": new} for label, (old, new) in changes.items()]
            row.target = "" if existing is None else str(existing.pk)
            row.settle(Outcome.NEW if existing is None else Outcome.CHANGED if changes else Outcome.UNCHANGED)
        else:
            row.refuse(None, answer.reason)


def _says_the_same(row: models.Model, said: Mapping[str, Any]) -> bool:
    """The row holds what was read, each value as its field has it."""
    for name, value in said.items():
        field = field_of(row, name)
        stored = getattr(row, field.attname)
        try:
            same = str(stored) == str(value) if field.is_relation else stored == field.to_python(value)
        except ValidationError:
            return False
        if not same:
            return False
    return True


def goes_along(row: models.Model) -> str:
    """What hangs on a row and would be deleted with it, in words; "" for nothing."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.CASCADE:
            continue
        if relation.related_model._base_manager.filter(**{relation.field.name: row}).exists():
            return str(relation.related_model._meta.verbose_name_plural)
    return ""


def plain(row: models.Model, names: Sequence[str]) -> dict[str, Any]:
    """The fields' values as JSON keeps them and as a form would send them."""
    found: dict[str, Any] = {}
    for name in names:
        field = field_of(row, name)
        value = getattr(row, field.attname)
        found[name] = value if value is None or isinstance(value, bool | int | str) else field.value_to_string(row)
    return found


def typed(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of ``plain`` as the model has them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        field = field_of(model, name)
        if field.is_relation:
            found[name] = None if value is None else target_of(field)._default_manager.get(pk=value)
        else:
            found[name] = field.to_python(value)
    return found


def _text(problem: ValidationError | Refused) -> str:
    return "".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)


def _example(column: Column, number: int) -> Any:
    if column.name == NUMBER:
        return _("示例")
    if column.choices:
        return column.choices[0]
    if column.widget.shape == "date":
        return datetime.date(2026, 9, 30)
    return 20 + number if column.widget.shape in ("integer", "decimal") else _("%s（示例）") % column.heading


_made: dict[str, type[RegisterImport]] = {}


def import_of(resource: Resource) -> type[RegisterImport]:
    """The import of a register; the pipeline knows it by the resource's key."""
    if resource.key not in _made:
        label = resource.title or resource.model._meta.verbose_name_plural
        named = {
            "resource": resource,
            "name": resource.key,
            "room": resource.key,
            "url_name": f"{resource.name}_import",
            "permission": resource.permissions.change,
            "title": format_lazy(gettext_lazy("导入{label}"), label=label),
        }
        _made[resource.key] = register_import(type(f"{type(resource).__name__}Import", (RegisterImport,), named))
    return _made[resource.key]
