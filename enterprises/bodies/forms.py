"""Forms of a body's members and meetings. The rows are made and checked by the actions."""

from typing import Any

from django import forms

from enterprises.models import BodyMeeting, BodyMember
from foundation.ui.forms import mark


class _RowForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            mark(field, needed=field.required)

    def _post_clean(self) -> None:
        """Nothing: the form must not change the row that is on the page."""


class MemberForm(_RowForm):
    class Meta:
        model = BodyMember
        fields = ("name", "unit", "post")


class MeetingForm(_RowForm):
    class Meta:
        model = BodyMeeting
        fields = ("held_on", "topic", "resolution")
        widgets = {"held_on": forms.DateInput(), "resolution": forms.Textarea(attrs={"rows": 5})}
