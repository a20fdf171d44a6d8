"""A model's field as forms ask for it, with messages that say what to write instead."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from foundation.ui.forms import ask_to_choose
from records.core.models.cited import LineChoiceField
from records.core.several import SeveralField


def asked_of(field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """The field of the form; the looks are the renderer's."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    formfield = field.formfield(**kwargs)
    if isinstance(formfield, LineChoiceField | SeveralField):
        return formfield
    if isinstance(formfield, forms.ModelChoiceField):
        formfield.empty_label = _("请选择")
        formfield.error_messages["invalid_choice"] = _("“%(value)s”不在可选的范围内。请从列表中选择。")
    if isinstance(formfield, forms.URLField):
        formfield.error_messages["invalid"] = _("请填写以 https:// 开头的完整网址。")
    if isinstance(formfield, forms.TypedChoiceField):
        ask_to_choose(formfield)
    if isinstance(formfield, forms.DateField):
        formfield.error_messages["invalid"] = _("请填写日期，例如 2026-09-30。")
    if isinstance(formfield, forms.CharField):
        formfield.error_messages["max_length"] = _("写了 %(show_value)d 个字，最多 %(limit_value)d 个字。请缩短。")
    if isinstance(formfield, forms.DecimalField):
        formfield.error_messages["invalid"] = _("请填数字，不带单位和文字，例如 12.50。")
        formfield.error_messages["min_value"] = _("不能小于 %(limit_value)s。")
        formfield.error_messages["max_value"] = _("不能大于 %(limit_value)s。")
        formfield.error_messages["max_decimal_places"] = _("小数最多 %(max)s 位。请四舍五入后再填。")
        for code in ("max_digits", "max_whole_digits"):
            formfield.error_messages[code] = _("数字太大，最多 %(max)s 位。请核对有没有多打了数字。")
    elif isinstance(formfield, forms.IntegerField):
        formfield.error_messages["invalid"] = _("请填整数，不带单位、小数和文字。")
        formfield.error_messages["min_value"] = _("不能小于 %(limit_value)s。")
        formfield.error_messages["max_value"] = _("不能大于 %(limit_value)s。")
    return formfield
