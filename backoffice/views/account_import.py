"""Many accounts from one workbook: upload, look, confirm, print. Nothing is kept between the steps: what was checked goes
to the page, signed, and comes back with the confirmation."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.account_import.checking import Checked, admit_checked, check_people
from backoffice.account_import.workbook import MAX_ROWS, Typed, read_people, template_for
from backoffice.slips import slip_for
from foundation.access.rules import require
from foundation.accounts.models import SecurityPolicy
from foundation.accounts.requests import PortalRequest
from foundation.refusals import Refused
from foundation.ui.workbooks import as_download

#: How long a checked workbook may wait for its confirmation.
_SECONDS = 3600


class PeopleForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("用本页的模板填写，一行一人，最多 500 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def clean_file(self) -> list[Typed]:
        upload = self.cleaned_data["file"]
        try:
            return read_people(upload.file, upload.name, upload.size)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


@require_http_methods(["GET", "POST"])
def upload(request: PortalRequest) -> HttpResponse:
    require(request.user, "accounts.manage")
    form = PeopleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _preview(request, check_people(request.user, form.cleaned_data["file"]))
    return render(request, "backoffice/account_import.html", {"form": form, "most": MAX_ROWS})


@require_GET
def template(request: PortalRequest) -> HttpResponse:
    require(request.user, "accounts.manage")
    return as_download(template_for(request.user), _("批量新建账号模板.xlsx"))


@never_cache
@require_POST
@sensitive_variables("admitted", "slips")
def confirm(request: PortalRequest) -> HttpResponse:
    """The passwords are on the answer to this one request and nowhere else."""
    require(request.user, "accounts.manage")
    try:
        kept = signing.loads(request.POST.get("rows", ""), salt=_salt(request), max_age=_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("检查结果已过期。请重新上传文件。"))
        return redirect("backoffice:account_import")
    checked = check_people(request.user, [Typed(*cells) for cells in kept["good"]])
    if any(one.outcome == "bad" for one in checked):
        messages.warning(request, _("检查之后情况有变化，还没有建立任何账号。请看标出的行，再确认。"))
        return _preview(request, checked)
    admitted = admit_checked(request.user, checked)
    if not admitted:
        changed = sum(one.outcome == "more" for one in checked)
        messages.success(request, _("已更新 %d 行的授权，没有新账号。") % changed)
        return redirect("backoffice:accounts")
    policy = SecurityPolicy.current()
    slips = [slip_for(request, user, password, held=held, policy=policy) for user, password, held in admitted]
    return render(request, "backoffice/slips.html", {"slips": slips, "until": slips[0].until})


def _preview(request: PortalRequest, checked: list[Checked]) -> HttpResponse:
    counts = Counter(one.outcome for one in checked)
    good = [one.agreed() for one in checked if one.outcome in ("new", "more")]
    context = {
        "checked": checked,
        "counts": {name: counts[name] for name in ("new", "more", "same", "bad")},
        "good": len(good),
        "rows": signing.dumps({"good": good}, salt=_salt(request), compress=True),
    }
    return render(request, "backoffice/account_import_preview.html", context)


def _salt(request: PortalRequest) -> str:
    """Only the person who uploaded the file can confirm it."""
    return f"backoffice.account_import.{request.user.pk}"
