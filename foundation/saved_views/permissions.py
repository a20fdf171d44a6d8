"""A saved view is its owner's alone."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.saved_views.models import SavedView


@register_rule
class OwnViews(Rule[SavedView]):
    name = "saved_views.own"
    label = gettext_lazy("保存和使用自己的视图")
    roles = tuple(Role.values)
    model = "saved_views.savedview"

    def where(self, scope: Scope) -> Q:
        return Q(user_id=scope.user_id)

    def reasons(self, scope: Scope, obj: SavedView) -> Iterator[str]:
        if obj.user_id != scope.user_id:
            yield _("这是别人保存的视图。")
