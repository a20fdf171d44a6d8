"""Words of the record core in templates."""

import functools

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from records.core.kinds import all_kinds, in_groups, kind_by_slug
from records.core.workflow import STEP_LABELS
from records.duties.models import Duty

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


@functools.cache
def _kind_menu(language: str) -> SafeString:
    """The menu of kinds is the same for everybody and changes with the code only: drawn once a process and language."""
    return render_to_string("records/_pick_kind.html", {"kind_groups": in_groups(all_kinds())})


@register.simple_tag
def kind_menu() -> SafeString:
    """All kinds to choose from: the common ones, then the others by area, folded."""
    return _kind_menu(get_language() or "")
