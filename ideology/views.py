"""Pages of ideological guidance beyond its records."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from ideology.actions import save_category
from ideology.models import RepresentativeCategory


class CategoryForm(forms.ModelForm):
    """One category; the code of one that exists is not asked again."""

    class Meta:
        model = RepresentativeCategory
        fields = ("code", "name", "order", "is_settled", "is_active")
        error_messages = {
            "code": {
                "unique": gettext_lazy("这个编码已经用过。请换一个编码，或修改已有的那一类。"),
                "invalid": gettext_lazy("编码只能用英文字母、数字、连字符。请改写，例如 party-congress。"),
            },
            "name": {"unique": gettext_lazy("已经有这个名称的类别。请直接修改已有的那一类。")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


def category_list(request: PortalRequest) -> HttpResponse:
    """What may be chosen as 三代表三委员, for the provincial office to settle."""
    require(request.user, "ideology.categories")
    return render(request, "ideology/categories.html", {"categories": RepresentativeCategory.objects.all()})


def category_edit(request: PortalRequest, code: str = "") -> HttpResponse:
    """Add a category (no code in the address) or change one."""
    require(request.user, "ideology.categories")
    category = RepresentativeCategory.objects.filter(pk=code).first() if code else None
    if code and category is None:
        raise Http404(_("没有编码为“%s”的类别。") % code)
    form = CategoryForm(request.POST or None, instance=category)
    if request.method == "POST" and form.is_valid():
        saved = save_category(acting_user=request.user, values=form.cleaned_data, category=category)
        messages.success(request, _("“%s”已保存。") % saved)
        return redirect("ideology:categories")
    return render(request, "ideology/category_form.html", {"form": form, "category": category})
