"""Who may see and keep saved tables."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from reporting.crosstable.models import SavedTable

_READERS = (*OFFICE_ROLES, Role.AUDITOR)


@register_rule
class ViewTables(Rule[SavedTable]):
    """One's own, and those that colleagues of the same office share. What a table shows is checked when it is opened."""

    name = "reporting.view_tables"
    label = gettext_lazy("使用保存的交叉表")
    roles = _READERS
    model = "reporting.savedtable"

    def where(self, scope: Scope) -> Q:
        here = [place.pk for place in scope.places(*_READERS)]
        return Q(owner_id=scope.user_id) | Q(is_shared=True, place_id__in=here)

    def reasons(self, scope: Scope, obj: SavedTable) -> Iterator[str]:
        here = {place.pk for place in scope.places(*_READERS)}
        if obj.owner_id != scope.user_id and not (obj.is_shared and obj.place_id in here):
            yield _("这是别人保存的交叉表，没有与您的单位共用。")


@register_rule
class KeepTables(Rule[SavedTable]):
    """A saved table is changed and deleted by whoever saved it."""

    name = "reporting.keep_tables"
    label = gettext_lazy("保存、改名、删除交叉表")
    roles = _READERS
    model = "reporting.savedtable"

    def where(self, scope: Scope) -> Q:
        return Q(owner_id=scope.user_id)

    def reasons(self, scope: Scope, obj: SavedTable) -> Iterator[str]:
        if obj.owner_id != scope.user_id:
            yield _("这张交叉表是别人保存的，只有保存人可以改名、停止共用或删除。您可以打开它，再另存一张自己的。")
