"""Lists of choices that an office edits: each row has a name to choose by, and says whether it is settled and in use.

A list is a model that inherits ``ChoiceRow`` and a resource that inherits ``ChoiceListResource``; a record refers to a row by
a foreign key with ``limit_choices_to=IN_USE``. A row out of use cannot be chosen any more, and what chose it stays.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import ScopedQuerySet
from foundation.crud.resource import Fieldset, Resource
from foundation.loading import Loaded
from foundation.ui.badges import badge_markup
from foundation.ui.tables import YesNoColumn

#: What a form offers of a list.
IN_USE = {"is_active": True}


class ChoiceRow(models.Model):
    """One row of a list that an office edits."""

    code = models.SlugField(
        gettext_lazy("编码"),
        max_length=24,
        primary_key=True,
        help_text=gettext_lazy("英文小写字母和连字符，定了不再改。"),
        error_messages={
            "unique": gettext_lazy("这个编码已经用过。请换一个编码，或修改已有的那一项。"),
            "invalid": gettext_lazy("编码只能用英文字母、数字、连字符。请改写，例如 labour-medal。"),
        },
    )
    name = models.CharField(
        gettext_lazy("名称"),
        max_length=60,
        unique=True,
        error_messages={"unique": gettext_lazy("已经有这个名称。请直接修改已有的那一项。")},
    )
    order = models.PositiveSmallIntegerField(gettext_lazy("次序"), default=0)
    is_settled = models.BooleanField(
        gettext_lazy("已核定"), default=False, help_text=gettext_lazy("尚待省里核定的不勾选，页面上标“待核定”。")
    )
    is_active = models.BooleanField(
        gettext_lazy("可以选用"), default=True, help_text=gettext_lazy("停用后不能再选，已填的记录不受影响。")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class SettledColumn(YesNoColumn):
    """已核定, or the mark of what is not settled yet."""

    def render(self, value: bool | None) -> str:
        return _("已核定") if value else badge_markup(_("待核定"), tone="soon")


class InUseColumn(YesNoColumn):
    """Whether it may be chosen."""

    def render(self, value: bool | None) -> SafeString | str:
        return _("可以选用") if value else format_html('<span class="muted">{}</span>', _("已停用"))


#: The columns of every such list.
COLUMNS: tuple[Any, ...] = (
    "name",
    "code",
    "order",
    ("is_settled", SettledColumn(verbose_name=gettext_lazy("核定"))),
    ("is_active", InUseColumn(verbose_name=gettext_lazy("选用"))),
)


class ChoiceListResource(Resource):
    """The register of a list of choices; a subclass names model, names, permissions and menu."""

    lookup = "code"
    columns = COLUMNS
    #: A name for programs; who looks through the list reads the names.
    optional = ("code",)
    search = ("name", "^code")
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("内容"), ("code", "name", "order", "is_settled", "is_active")),)
    fixed = ("code",)
    natural_key = ("code",)


def load_choices(model: type[ChoiceRow], rows: Iterable[tuple[str, str]]) -> Loaded:
    """The proposed rows (code, name), when there are none at all: afterwards the list is its office's."""
    if present := model._base_manager.count():
        return Loaded(unchanged=present)
    made = [model(code=code, name=name, order=order) for order, (code, name) in enumerate(rows, 1)]
    model._base_manager.bulk_create(made)
    return Loaded(created=len(made))
