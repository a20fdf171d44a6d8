"""Forms of pilots, parks and chains."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Cluster, Enterprise, Part, Pilot, Stage
from enterprises.models.pilot import TIER_CHOICES
from enterprises.pickers import EnterpriseField
from enterprises.pilots.permissions import KEPT_BY
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.ui.forms import form_field, mark


def _mark_needed(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        mark(field, needed=field.required)


class PilotForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new pilot. The tiers offered are those this person may give at all; the action judges the place."""

    class Meta:
        model = Pilot
        fields = ("tier", "started_on", "stage", "document")

    def __init__(self, *args: Any, user: Actor, subject: Enterprise | Cluster | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(user)
        given = {tier for role, tiers in KEPT_BY.items() if scope.has_role(role) for tier in tiers}
        form_field(self, "tier", forms.ChoiceField).choices = [
            ("", _("请选择")),
            *(choice for choice in TIER_CHOICES if choice[0] in given),
        ]
        form_field(self, "stage", forms.ChoiceField).choices = [("", _("未掌握")), *Stage.choices]
        if subject is None:
            self.fields = {"enterprise": EnterpriseField(), **self.fields}
            form_field(self, "enterprise", EnterpriseField).of(user, self.data.get("enterprise"))
        _mark_needed(self)

    def _post_clean(self) -> None:
        """The row is made and checked by the action, which knows the subject."""


class StageForm(forms.Form):
    """The stages still ahead of a pilot."""

    prefix = "stage"
    stage = forms.ChoiceField(label=_("进入阶段"))
    began_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput())

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passed = list(Stage.values).index(pilot.stage) + 1 if pilot.stage else 0
        form_field(self, "stage", forms.ChoiceField).choices = Stage.choices[passed:]
        self.fields["began_on"].initial = timezone.localdate()
        self.fields["began_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        _mark_needed(self)


class EndForm(forms.Form):
    prefix = "end"
    ended_on = forms.DateField(
        label=_("终止日期"), widget=forms.DateInput(), help_text=_("从这一天起不再是试点；以后的日期到时生效。")
    )
    reason = forms.CharField(label=_("终止原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _mark_needed(self)


class CorrectForm(forms.Form):
    prefix = "correct"
    started_on = forms.DateField(
        label=_("确定为试点的日期"), required=False, widget=forms.DateInput(), help_text=_("没有掌握的留空。")
    )
    document = forms.CharField(label=_("文号或依据"), required=False, max_length=120)


class MemberForm(forms.Form):
    enterprise = EnterpriseField()
    part = forms.ChoiceField(label=_("位置"))

    def __init__(self, *args: Any, user: Actor, cluster: Cluster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "part", forms.ChoiceField).choices = [
            row for row in Part.choices if cluster.kind == "chain" or row[0] != "head"
        ]
        self.fields["part"].initial = "member"
        form_field(self, "enterprise", EnterpriseField).of(user, self.data.get("enterprise"))
        _mark_needed(self)
