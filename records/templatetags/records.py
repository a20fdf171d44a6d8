"""Words of the record core in templates."""

from django import template

from records.kinds import kind_by_slug
from records.models import Duty
from records.workflow import STEP_LABELS

register = template.Library()


@register.filter
def step_label(action: str) -> str:
    """The wording of a step: 新建, 提交审核, 退回修改 …"""
    return str(STEP_LABELS.get(action, action))


@register.filter
def kind_label(slug: str) -> str:
    """职工大讲堂 for ``ideology.lecture``."""
    return kind_by_slug(slug).label


@register.filter
def duty_title(duty: Duty) -> str:
    """2026年第三季度发展党员情况"""
    return kind_by_slug(duty.kind).title_for(duty.period)
