"""Who may see and steer an import: the person who started it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.exchange.models import Import


@register_rule
class ViewImport(Rule[Import]):
    """A file may hold what nobody has handed in yet: it is its uploader's alone. What comes of it is rows of the portal."""

    name = "exchange.view_import"
    label = gettext_lazy("查看和确认自己的导入")
    roles = tuple(Role.values)
    model = "exchange.import"

    def where(self, scope: Scope) -> Q:
        return Q(created_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: Import) -> Iterator[str]:
        if obj.created_by_id != scope.user_id:
            yield _("这是别人上传的文件，只有上传的人可以查看和操作。")
