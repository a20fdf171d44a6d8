"""What offices are urged about: records waiting beyond their day."""

from django.urls import reverse
from django.utils.translation import gettext as _

from notices.urging import Matter


def review_matter() -> Matter:
    return Matter("review:overdue", _("超期未审核"), f"{reverse('records:review')}?due=overdue")


def review_sentence() -> str:
    return _("您单位或所辖地区有超过审核期限、还没有审核的记录。请登录平台，在“待审核”中查看，并尽快处理或督促处理。")
