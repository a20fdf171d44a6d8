"""Plain words in place of Django's defaults: what a refused value needs, said as the portal says it elsewhere.

Set on the classes, so that every form, serializer form and import that builds a field says the same; a field with words of
its own keeps them.
"""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.labels import Label

_MESSAGES: dict[type[forms.Field], dict[str, Label]] = {
    forms.Field: {"required": _("这一项还没有填，请填写。")},
    forms.ChoiceField: {"invalid_choice": _("“%(value)s”不在可选的范围内。请从列表中选择。")},
    forms.ModelChoiceField: {
        "invalid_choice": _("所选的不在可选的范围内，可能已停用或不在您的管辖范围。请从列表中选择。")
    },
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _("“%(value)s”不在可选的范围内。请从列表中选择。"),
        "invalid_pk_value": _("“%(pk)s”不在可选的范围内。请从列表中选择。"),
    },
    forms.IntegerField: {"invalid": _("请填整数，不带单位、小数和文字。")},
    forms.FloatField: {"invalid": _("请填数字，不带单位和文字，例如 12.5。")},
    forms.DecimalField: {"invalid": _("请填数字，不带单位和文字，例如 12.50。")},
    forms.DateField: {"invalid": _("请填写日期，例如 2026-09-30。")},
    forms.DateTimeField: {"invalid": _("请填写日期和时间，例如 2026-09-30 14:30。")},
    forms.EmailField: {"invalid": _("请填写完整的邮箱地址，例如 name@example.com。")},
    forms.URLField: {"invalid": _("请填写以 https:// 开头的完整网址。")},
    forms.FileField: {"empty": _("这个文件是空的。请重新选择。"), "missing": _("没有收到文件。请重新选择。")},
}
_VALIDATORS: dict[type[validators.BaseValidator], Label] = {
    validators.MaxLengthValidator: ngettext_lazy(
        "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。请写短些。",
        "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。请写短些。",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "至少 %(limit_value)d 个字，现在只有 %(show_value)d 个。请补全。",
        "至少 %(limit_value)d 个字，现在只有 %(show_value)d 个。请补全。",
        "limit_value",
    ),
    validators.MaxValueValidator: _("不能大于 %(limit_value)s。请核对。"),
    validators.MinValueValidator: _("不能小于 %(limit_value)s。请核对。"),
}


def speak_plainly() -> None:
    """Once, when the portal starts."""
    for field, texts in _MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **texts}
    for validator, message in _VALIDATORS.items():
        validator.message = message
    # Django made this one when the class was defined.
    validators.validate_email.message = _MESSAGES[forms.EmailField]["invalid"]
