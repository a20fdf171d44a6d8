"""Who may see evidence."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from records.core.permissions import OFFICE_READERS, READERS, ViewRecord
from records.evidence.models import Attachment


@register_rule
class ViewAttachment(Rule[Attachment]):
    """A file follows its record; one not yet attached is its uploader's alone."""

    name = "records.view_attachment"
    label = gettext_lazy("查看佐证材料")
    roles = READERS
    model = "records.attachment"

    def where(self, scope: Scope) -> Q:
        handed_in = Q(record__first_submitted_at__isnull=False) | Q(record__created_by_id=scope.user_id)
        through = scope.q(ENTERPRISE_ROLES, prefix="record__") | (
            scope.q(OFFICE_READERS, prefix="record__") & handed_in
        )
        return through | Q(record__isnull=True, uploaded_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: Attachment) -> Iterator[str]:
        if obj.record is None:
            if obj.uploaded_by_id != scope.user_id:
                yield _("文件还没有随记录保存，只有上传的人能看。")
            return
        yield from ViewRecord().reasons(scope, obj.record)
