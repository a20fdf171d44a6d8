"""The yearly profile as a form."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, YearlyProfile
from enterprises.profiles.queries import FIELDS, FOLLOWED, OF_THE_YEAR
from foundation.refusals import Question, says_something
from foundation.ui.forms import mark


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """``last``: the year before, shown beside each field; with ``same`` its values are filled in."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = YearlyProfile
        fields = (*FIELDS, "word")

    def __init__(
        self,
        *args: Any,
        enterprise: Enterprise,
        profile: YearlyProfile | None,
        last: YearlyProfile | None,
        same: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", self._known(enterprise, profile, last if same else None))
        super().__init__(*args, **kwargs)
        self.questions: list[Question] = []
        for name in FIELDS:
            field = self.fields[name]
            mark(field, needed=field.required)
            field.error_messages["invalid"] = gettext_lazy("请填数字，不带单位和文字。")
            if last is not None and (before := getattr(last, name)) is not None:
                known = _("%(year)d 年：%(value)s。") % {"year": last.year, "value": f"{before:,}"}
                field.help_text = f"{field.help_text}{known}"
        # Asked only once something looks unusual; what was said before stays with the row.
        if not self.confirmed and not self.initial.get("word"):
            self.fields["word"].widget = forms.HiddenInput()

    @staticmethod
    def _known(enterprise: Enterprise, profile: YearlyProfile | None, last: YearlyProfile | None) -> dict[str, Any]:
        """What was filed for the year; else last year's values; else what the register has."""
        if profile is not None:
            return {name: getattr(profile, name) for name in (*FIELDS, "word", "version")}
        if last is not None:
            return {**{name: getattr(last, name) for name in FIELDS if name not in OF_THE_YEAR}, "version": 0}
        return {**{name: getattr(enterprise, name) for name in FOLLOWED}, "version": 0}

    def _post_clean(self) -> None:
        """The row is made and checked by the action."""

    @property
    def confirmed(self) -> list[str]:
        """The keys of the questions that the page showed."""
        return self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []

    def ask(self, questions: list[Question]) -> None:
        """Show what looks unusual, and ask for a reason for exactly that."""
        self.questions = questions
        field = self.fields["word"]
        field.widget = forms.TextInput()
        mark(field, needed=True)
        if self.confirmed and not says_something(self.data.get("word", "")):
            self.add_error("word", _("请写一句说明（至少两个字）；数字填错了的，请直接改正。"))
