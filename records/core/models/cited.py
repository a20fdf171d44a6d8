"""Lines that records of other kinds may refer to, and the field that refers to one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.folding import fold
from foundation.labels import Label
from foundation.ui import formats
from records.core.models.record import Record

#: The longest subject of a line that can be referred to.
LONGEST = 100


class Standing(models.TextChoices):
    STANDS = "stands", _("有效")
    OPEN = "open", _("会议记录已撤回或退回，尚未重新提交")
    GONE = "gone", _("会议记录中已没有这项议题")


class CitedLine(models.Model):
    """A line as it was last handed in, under a code that stays: the lines themselves are replaced whenever their record is
    written. Kept by ``records.core.cited``; a row is never deleted while its record is there, so that what refers to it
    can say what became of it."""

    code = models.CharField(_("编号"), max_length=24, primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="cited_lines")
    position = models.PositiveSmallIntegerField(_("行"))
    about = models.CharField(_("议题"), max_length=LONGEST)
    day = models.DateField(_("日期"), null=True)
    outcome = models.CharField(_("结果"), max_length=60, blank=True)
    is_vote = models.BooleanField(_("须表决"), default=False)
    is_passed = models.BooleanField(_("通过"), null=True)
    standing = models.CharField(_("状态"), max_length=10, choices=Standing, default=Standing.STANDS)

    class Meta:
        verbose_name = verbose_name_plural = _("可引用的议题")
        ordering = ["-day", "position"]
        constraints = [
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="cited_line_standing_known"),
        ]

    def __str__(self) -> str:
        said = f"{self.named}（{self.outcome}）" if self.outcome else self.named
        if self.standing == Standing.STANDS:
            return said
        return _now("%(line)s［%(standing)s］") % {"line": said, "standing": self.get_standing_display()}

    @property
    def named(self) -> str:
        """Day and subject: how it is written in a workbook."""
        return f"{formats.day(self.day)} {self.about}" if self.day else self.about

    @property
    def stands(self) -> bool:
        return self.standing == Standing.STANDS


#: What stands where a question was answered with yes and no line is named.
UNLINKED = _("未关联会议")


class LineChoiceField(forms.TypedChoiceField):
    """One of the lines that whoever reports has on file; ``offer`` says which. Takes the code, or the words of the list: a
    workbook has the day and the subject."""

    def __init__(self, **kwargs: Any) -> None:
        self.rows: dict[str, CitedLine] = {}
        kwargs.pop("max_length", None)
        super().__init__(coerce=self._row, empty_value=None, **kwargs)
        self.error_messages["invalid_choice"] = _now(
            "“%(value)s”不是本企业已提交的职代会会议中的议题。请从列表中选择，或照列表写日期和议题；没有填报过会议的留空。"
        )

    @classmethod
    def of(cls, field: "models.Field[Any, Any]") -> "LineChoiceField":
        return cls(label=str(field.verbose_name), help_text=str(field.help_text), required=False)

    def _row(self, code: str) -> CitedLine:
        return self.rows[code]

    def offer(self, rows: Sequence[CitedLine]) -> None:
        # A copy of the field, as each form has one, shares the rows.
        self.rows.update({row.pk: row for row in rows})
        self.choices = [("", str(UNLINKED)), *((row.pk, str(row)) for row in rows)]

    def to_python(self, value: Any) -> str:
        text = str(getattr(value, "pk", value) or "")
        if not text or text in self.rows:
            return text
        wanted = fold(text)
        found = [row.pk for row in self.rows.values() if wanted in (fold(row.named), fold(str(row)))]
        return found[0] if len(found) == 1 else text


class LineReference(models.ForeignKey[Any, Any]):
    """A line of another kind's record of the same enterprise, by its code.

    cites         slug of the kind whose lines are meant
    words         a line that names one of these is suitable: it is offered first, and the only one is filled in
    answers       the yes-no question that the reference answers with yes
    since_period  of a return: only a line of its period or later is filled in
    """

    def __init__(
        self,
        to: Any = CitedLine,
        on_delete: Any = models.PROTECT,
        *,
        cites: str = "",
        words: tuple[str, ...] = (),
        answers: str = "",
        since_period: bool = False,
        **kwargs: Any,
    ) -> None:
        self.cites, self.words, self.answers, self.since_period = cites, words, answers, since_period
        super().__init__(to, on_delete, **{"null": True, "blank": True, "related_name": "+", **kwargs})

    def deconstruct(self) -> Any:
        # To the database, and so to migrations, it is a key like any other.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs

    def get_limit_choices_to(self) -> Any:
        """Nothing, for whoever does not ask as an enterprise: there is no list for everybody."""
        return Q(pk__in=())

    def formfield(self, **kwargs: Any) -> Any:
        return LineChoiceField.of(self)

    def suits(self, row: CitedLine) -> bool:
        return any(word in row.about for word in self.words)


def line_reference(
    label: Label, cites: str, words: tuple[str, ...], hint: Label = "", *, answers: str = "", since_period: bool = False
) -> LineReference:
    """A field for a line of another kind, see ``LineReference``."""
    return LineReference(
        verbose_name=label, help_text=hint, cites=cites, words=words, answers=answers, since_period=since_period
    )


def references_of(model: type[models.Model]) -> list[LineReference]:
    return [field for field in model._meta.concrete_fields if isinstance(field, LineReference)]
