"""Who may see and steer an import: the person who started it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from records.exchange.models import ImportBatch


@register_rule
class ViewImport(Rule[ImportBatch]):
    """A workbook may hold what nobody has handed in yet: it is its uploader's alone. What comes of it is records."""

    name = "records.view_import"
    label = gettext_lazy("批量导入")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "records.importbatch"

    def where(self, scope: Scope) -> Q:
        return Q(created_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: ImportBatch) -> Iterator[str]:
        if obj.created_by_id != scope.user_id:
            yield _("这是别人上传的文件，只有上传的人可以查看和操作。")
