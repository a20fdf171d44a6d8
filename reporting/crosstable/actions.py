"""Keeping tables under a name, sharing them within the office, and deleting them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import longest
from foundation.places.models import Place
from foundation.saved_views.actions import clean_query
from foundation.saying import filled, in_marks
from reporting.crosstable.models import SavedTable

register_event("reporting.table_saved", gettext_lazy("保存交叉表"))
register_event("reporting.table_changed", gettext_lazy("修改保存的交叉表"))
register_event("reporting.table_deleted", gettext_lazy("删除保存的交叉表"))

#: More than this nobody finds again.
TABLES_PER_PERSON = 30


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    limit = longest(SavedTable, "name")
    if not name:
        raise ValidationError(_("请给这张表起个名字，例如“各县本季比上季”。"))
    if len(name) > limit:
        raise ValidationError(filled(_("表的名称最多 %d 个字。请改短一些。"), limit))
    return name


@transaction.atomic
def save_table(*, acting_user: Actor, place: Place, name: str, query: str, is_shared: bool) -> SavedTable:
    """Keep a table's address under a name, for the office at ``place`` where it is shared; the same name again replaces
    what it kept. Raises ``ValidationError``."""
    require(acting_user, "reporting.keep_tables")
    name, query = _clean_name(name), clean_query(query)
    if not query:
        raise ValidationError(_("这张表还没有选行、列和数据项，没有可以保存的。请选好以后点“查看”，再保存。"))
    if len(query) > longest(SavedTable, "query"):
        raise ValidationError(_("这张表选的条件太多，不能保存。请减少一些再试。"))
    own = SavedTable.objects.filter(owner=acting_user)
    same = own.filter(place=place, name=name)
    if not same.exists() and own.count() >= TABLES_PER_PERSON:
        raise ValidationError(filled(_("每人最多保存 %d 张表。请先删除不用的。"), TABLES_PER_PERSON))
    table, _created = SavedTable.objects.update_or_create(
        owner=acting_user, place=place, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    log("reporting.table_saved", by=acting_user, on=table, place=place)
    return table


@transaction.atomic
def change_table(*, acting_user: Actor, table: SavedTable, name: str, is_shared: bool) -> SavedTable:
    """Another name, or shared with the office or no longer. Raises ``ValidationError`` when the name is taken."""
    require(acting_user, "reporting.keep_tables", table)
    name = _clean_name(name)
    others = SavedTable.objects.filter(owner=acting_user, place=table.place, name=name).exclude(pk=table.pk)
    if others.exists():
        raise ValidationError(_("您已经有一张叫%s的表。请换个名字。") % in_marks(name))
    before = {"name": table.name, "is_shared": table.is_shared}
    table.name, table.is_shared = name, is_shared
    table.save(update_fields=["name", "is_shared"])
    labels = {"name": _("名称"), "is_shared": _("与本单位共用")}
    changes = {
        labels[field]: [was, getattr(table, field)] for field, was in before.items() if was != getattr(table, field)
    }
    log("reporting.table_changed", by=acting_user, on=table, changes=changes, place=table.place)
    return table


@transaction.atomic
def delete_table(*, acting_user: Actor, table: SavedTable) -> None:
    require(acting_user, "reporting.keep_tables", table)
    log("reporting.table_deleted", by=acting_user, on=table, place=table.place)
    table.delete()
