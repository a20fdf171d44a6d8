"""A field in which several of a fixed list are chosen.

Stored is one text, each code between commas in the order of the list (``,post,ability,``), nothing chosen is ``""``: plain
conditions find one (``has``) or all of them on every database, and whatever compares, keeps or copies values needs to know
nothing of it."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partialmethod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.folding import fold
from foundation.labels import Label

#: Characters that a value takes at most.
LONGEST = 200
_BETWEEN = re.compile(r"[、,，;；/\n]+")


def codes_of(value: str | None) -> list[str]:
    """The codes of a stored value."""
    return [code for code in (value or "").split(",") if code]


def joined(codes: Iterable[str]) -> str:
    """Codes as they are stored; their order is the caller's."""
    said = ",".join(codes)
    return f",{said}," if said else ""


def has(name: str, code: str) -> Q:
    """Records in whose field the code is chosen."""
    return Q(**{f"{name}__contains": f",{code},"})


def refuse_none_with_others(codes: Collection[str], none: str, word: str) -> None:
    """Raise ``ValidationError`` where “none of these” is chosen beside one of these."""
    if none in codes and len(codes) > 1:
        raise ValidationError(_now("选了“%s”，就不能再选其他各项。请改其中一边。") % word)


class SeveralField(forms.MultipleChoiceField):
    """Boxes to tick; also takes what a workbook or a program sends: the words or codes, as a list or with 、 between them.
    Cleaned it is the stored text."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, words: Mapping[str, str], none: str = "", **kwargs: Any) -> None:
        self.words, self.none = words, none
        super().__init__(choices=list(words.items()), **kwargs)
        self.error_messages["invalid_choice"] = _now(
            "“%(value)s”不在可选的范围内。请从列表中选择，几项之间用顿号隔开。"
        )

    def prepare_value(self, value: Any) -> Any:
        return codes_of(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> list[str]:
        known = {fold(word): code for code, label in self.words.items() for word in (code, label)}
        parts = _BETWEEN.split(value) if isinstance(value, str) else value or ()
        said = [str(part).strip() for part in parts]
        chosen = {known.get(fold(word), word) for word in said if word}
        order = list(self.words)
        return sorted(chosen, key=lambda code: (code not in order, order.index(code) if code in order else 0, code))

    def clean(self, value: Any) -> str:
        codes = super().clean(value)
        if self.none:
            refuse_none_with_others(codes, self.none, self.words[self.none])
        return joined(codes)


class SeveralChoices(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """Several of ``choices``; ``none`` is the one that says: none of these, and goes with no other."""

    def __init__(self, *args: Any, none: str = "", **kwargs: Any) -> None:
        self.none = none
        super().__init__(*args, **{"max_length": LONGEST, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        # To the database it is a text; the list is the form's.
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, f"get_{name}_display", partialmethod(_displayed, field=self))

    def words_of(self, value: str | None) -> str:
        """The words of what is chosen; a code that the list no longer has stands as it is."""
        labels = dict(self.flatchoices)
        return "、".join(str(labels.get(code, code)) for code in codes_of(value))

    def to_python(self, value: Any) -> Any:
        # A list, as programs have it: told apart from a text that looks like one.
        return joined(map(str, value)) if isinstance(value, list | tuple | set) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value) or ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """What no form would make is refused before the database refuses it."""
        known, said = dict(self.flatchoices), codes_of(value)
        if strange := [code for code in said if code not in known]:
            message = _now("“%(strange)s”不在可选的范围内。可选的有：%(known)s。")
            raise ValidationError(message % {"strange": "、".join(strange), "known": "、".join(map(str, known))})
        if value != (wanted := joined(dict.fromkeys(said))):
            raise ValidationError(
                _now("“%(value)s”的写法不对，应为“%(wanted)s”。") % {"value": value, "wanted": wanted}
            )
        if self.none:
            refuse_none_with_others(said, self.none, str(known[self.none]))

    def formfield(self, **kwargs: Any) -> Any:
        return SeveralField(
            none=self.none,
            words={str(code): str(label) for code, label in self.flatchoices},
            label=str(self.verbose_name),
            help_text=str(self.help_text),
            required=False,
        )


def _displayed(row: models.Model, field: SeveralChoices) -> str:
    return field.words_of(getattr(row, field.attname))


def several(label: Label, choices: type[models.TextChoices], hint: Label = "", *, none: str = "") -> SeveralChoices:
    """Several of a fixed list."""
    return SeveralChoices(label, choices=choices.choices, help_text=hint or _("可多选。"), none=none)


def well_formed(name: str, constraint: str) -> models.CheckConstraint:
    """What the database holds of such a field: nothing, or codes between commas."""
    return models.CheckConstraint(
        condition=Q(**{name: ""}) | Q(**{f"{name}__startswith": ",", f"{name}__endswith": ","}), name=constraint
    )
