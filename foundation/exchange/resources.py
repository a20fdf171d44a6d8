"""What a room gives the import pipeline. How a register, a kind of record or a list of people plugs in:

    @register_import
    class OrganisationImport(ImportResource):
        name = "enterprises.organisations"        # in addresses, the staging table and the audit log
        room, url_name = "enterprises", "organisation_import"
        permission = "enterprises.keep_organisations"
        keys, heads = ("name",), ("name", "code")

        def __init__(self, options): ...          # label, title; super().__init__(columns)
        def checker(self, batch): ...             # judges rows, a few hundred at a time
        def write(self, batch, rows, at): ...     # writes rows that were found fit, inside the pipeline's transaction

and in the room's ``urls.py``: ``*import_urls(OrganisationImport, "organisations/import/")``. Pages, states, jobs, permissions to
see an import, the sheet and column steps, the workbook of rows that did not fit and the sweeping are the pipeline's. The
sheet itself is a ``SheetResource``: ``Resource`` and ``Field`` of django-import-export, with the columns of the portal.
"""

import copy
import datetime
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, Protocol, cast

from django import forms
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import register_event
from foundation.exchange.columns import SheetResource
from foundation.exchange.models import Import, StagedRow
from foundation.exchange.rows import SheetRow
from foundation.labels import Label
from foundation.saying import filled
from foundation.workbooks.opening import Book


class Checker(Protocol):
    """Judges rows for one import. One object for the whole file: what it has seen so far is its own to keep."""

    def check(self, rows: Sequence[SheetRow]) -> None:
        """Settle each row: its outcome, problems, questions, and for a fit one what is to be written."""


class Written(NamedTuple):
    """What became of a row: ``target`` is the key of the portal's row, ``before`` what undoing needs to put back (None
    for a row that is new); or ``refusal``, why it was not written after all."""

    target: str = ""
    before: dict[str, Any] | None = None
    refusal: str = ""


class Kept(NamedTuple):
    """Why a row stays when its import is undone, and what to do about it; an empty ``cure``: nothing."""

    reason: str
    cure: str


class ImportResource(SheetResource):
    """One use of the pipeline, made for one import from the options the person chose.

    ``part``           rows written in one transaction
    ``in_one_piece``   all parts in one transaction: nothing is written unless everything is
    ``in_request``     written while the person waits (``foundation.exchange.writing.confirmable_here``), by a page of the room
    ``most_rows``      a limit of its own
    ``can_undo``       there is an ``undo``
    """

    #: Pages name the class itself, where there is no import yet; a template would call it otherwise.
    do_not_call_in_templates: ClassVar[bool] = True
    name: ClassVar[str]
    room: ClassVar[str]
    url_name: ClassVar[str] = "import"
    permission: ClassVar[str]
    title: Label
    part: ClassVar[int] = 1_000
    in_one_piece: ClassVar[bool] = False
    in_request: ClassVar[bool] = False
    most_rows: ClassVar[int | None] = None
    can_undo: ClassVar[bool] = False
    #: Fields of the upload form beside the file; their names are the options.
    option_fields: ClassVar[Mapping[str, forms.Field]] = {}
    #: Of these, what stands before the file.
    asked_first: ClassVar[tuple[str, ...]] = ()
    #: What the rows are of, for headings and counts.
    unit: ClassVar[Label] = gettext_lazy("行")
    outcome_labels: ClassVar[Mapping[str, Label]] = {
        "new": gettext_lazy("新增"),
        "changed": gettext_lazy("修改"),
        "unchanged": gettext_lazy("没有变化"),
        "conflict": gettext_lazy("冲突"),
        "invalid": gettext_lazy("有错误"),
    }
    #: The option that chooses between templates and stands in their addresses; empty: there is one template.
    template_by: ClassVar[str] = ""
    #: Parts of the pages that are the room's own; empty: none.
    aside_template: ClassVar[str] = ""
    confirm_template: ClassVar[str] = ""
    #: How the list of rows that change is called, and how many are shown.
    samples: ClassVar[int] = 20

    def __init__(self, columns: Sequence[Any]) -> None:
        super().__init__(columns)
        self.by_name = {column.name: column for column in self.columns}

    @property
    def writes(self) -> Sequence[type[models.Model]]:
        """The models whose tables grow by the rows; the database counts them again after a long import."""
        return ()

    @property
    def is_personal(self) -> bool:
        return any(column.is_personal for column in self.columns)

    @classmethod
    def for_options(cls, options: Mapping[str, Any]) -> "ImportResource":
        """The resource for what was chosen when uploading. Raises ``LookupError`` for what is not there any more."""
        made = cast("Callable[[Mapping[str, Any]], ImportResource]", cls)  # each takes the options, not the columns
        return made(options)

    @classmethod
    def option_field(cls, name: str, field: forms.Field) -> forms.Field:
        """An option's field as the form shows it; choices that hang on what is there now are filled in here."""
        return field

    def options_as(self, slug: str) -> dict[str, Any] | None:
        """The options with which the same file is read as a table of another slug (``kin``); None when that is not offered."""
        return None

    # --- words and addresses

    @classmethod
    def address(cls, step: str = "", *args: Any) -> str:
        """The address of a page of the pipeline for this resource: ``s`` the list, "" one import, ``_confirm`` …"""
        return reverse(f"{cls.room}:{cls.url_name}{step}", args=args)

    def described(self, batch: Import) -> list[str]:
        """What stands under the file's name: kind and choices."""
        return [self.label]

    def outcome_sentence(self, batch: Import) -> str:
        """What the import did, once it is done."""
        return filled(
            _("导入完成：新增 %(new)d 条，修改 %(changed)d 条。"),
            {
                "new": batch.counts.get("new", 0),
                "changed": batch.counts.get("changed", 0),
            },
        )

    def result_address(self, batch: Import) -> str:
        """Where to look at what was written; empty: nowhere."""
        return ""

    def row_address(self, target: str) -> str:
        """The page of a row of the portal."""
        return ""

    @classmethod
    def list_context(cls, request: PortalRequest) -> dict[str, Any]:
        """What ``aside_template`` needs."""
        return {}

    def confirm_context(self, request: PortalRequest, batch: Import) -> dict[str, Any]:
        """What ``confirm_template`` needs."""
        return {}

    def template(self, user: Actor) -> tuple[bytes, str]:
        """The workbook to fill, and its file name."""
        raise NotImplementedError

    # --- the way of the rows

    def read_beside(self, book: Book) -> None:
        """Look at sheets of the file that say more of the rows; before these are judged. Raises ``Refused``."""

    def notes_beside(self) -> Sequence[str]:
        """What of those sheets was not read, once all rows are judged."""
        return ()

    def checker(self, batch: Import) -> Checker:
        raise NotImplementedError

    def plan(self, batch: Import) -> dict[str, Any]:
        """What is to be known before confirming, beside the counts; kept in ``batch.plan``. Rows are staged by now."""
        return {}

    def confirm(self, batch: Import, answers: Mapping[str, str]) -> dict[str, Any]:
        """What the person said, as it is kept. Raises ``Refused`` when something was not said that must be."""
        return {}

    def write(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[Written]:
        """Write rows, one answer a row, in the caller's transaction. ``batch.written`` may take counts of its own. What
        raises here ends the import: what earlier parts wrote stays."""
        raise NotImplementedError

    def closing_notes(self, batch: Import) -> list[str]:
        """What is to be said when everything is written."""
        return []

    def audit_note(self, batch: Import) -> str:
        return filled(
            _("新增 %(new)d 条，修改 %(changed)d 条。%(file)s"),
            {
                "new": batch.counts.get("new", 0),
                "changed": batch.counts.get("changed", 0),
                "file": batch.filename,
            },
        )

    def undo(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[str | Kept]:
        """Take rows back as they were before the import, one answer a row: empty, or why it stays; as ``Kept`` where it
        cannot simply be deleted or changed back on its page."""
        raise NotImplementedError


_resources: dict[str, type[ImportResource]] = {}
_EVENTS: dict[str, Label] = {
    "import_uploaded": gettext_lazy("上传导入文件"),
    "imported": gettext_lazy("批量导入"),
    "import_discarded": gettext_lazy("放弃导入"),
    "import_undone": gettext_lazy("撤销导入"),
}


def register_import(resource: type[ImportResource]) -> type[ImportResource]:
    """Class decorator. A second resource of a name is an error."""
    known = _resources.setdefault(resource.name, resource)
    if known.__qualname__ != resource.__qualname__ or known.__module__ != resource.__module__:
        raise ValueError(f"import resource {resource.name!r} is registered twice")
    for event, label in _EVENTS.items():
        register_event(f"{resource.room}.{event}", label)
    return resource


def resource_class(name: str) -> type[ImportResource]:
    """Raises ``LookupError``. Resources stand beside the pages that offer them: a worker loads those first."""
    if name not in _resources:
        import_module(settings.ROOT_URLCONF)
    try:
        return _resources[name]
    except KeyError:
        raise LookupError(f"unknown import resource {name!r}") from None


def resource_of(batch: Import) -> ImportResource:
    return resource_class(batch.resource).for_options(batch.options)


def all_resources() -> dict[str, type[ImportResource]]:
    return dict(sorted(_resources.items()))


class OptionsForm(forms.Form):
    """The file and what a resource asks beside it."""

    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("用模板填写，或用导出的表修改。.xlsx、.xls 或 .csv，不超过 20 MB，一次最多 12 万行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.txt"}),
        error_messages={
            "required": gettext_lazy("请选择要上传的 Excel 文件。"),
            "empty": gettext_lazy("这个文件是空的。请检查后重新选择。"),
        },
    )

    def __init__(self, resource: type[ImportResource], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in resource.option_fields.items():
            self.fields[name] = resource.option_field(name, copy.deepcopy(field))
        self.order_fields([*resource.asked_first, "file"])

    @property
    def options(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}
