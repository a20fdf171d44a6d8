"""A table of rows on its way in: what was uploaded, what the check found of each row, what became of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.crypto.fields import EncryptedJSONField
from foundation.exchange.headings import normal
from foundation.files.keeping import random_name


class ImportState(models.TextChoices):
    CHECKING = "checking", _("检查中")
    SHEETS = "sheets", _("待选工作表")
    COLUMNS = "columns", _("待对应列")
    CHECKED = "checked", _("待确认")
    WRITING = "writing", _("导入中")
    DONE = "done", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("失败")
    DISCARDED = "discarded", _("已放弃")


#: Nothing more will happen to these, but that an import that is done may be undone.
ENDED = (ImportState.DONE, ImportState.UNDONE, ImportState.FAILED, ImportState.DISCARDED)
#: A person has to say something before it goes on.
WAITING = (ImportState.SHEETS, ImportState.COLUMNS, ImportState.CHECKED)
#: A job is at it.
WORKING = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)


class Import(models.Model):
    """One file by one person for one resource.

    ``options`` is what the person chose when uploading, ``layout`` what was found of the file's sheets and what was
    chosen of them, ``preview`` the first rows of each, ``answers`` what was said at the confirmation. ``counts`` are rows
    by outcome, ``written`` how far the writing came. The file goes when it has been read.
    """

    file_folder = "imports"

    resource = models.CharField(_("导入内容"), max_length=60)
    filename = models.CharField(_("文件名"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    upload = models.FileField(upload_to=random_name, blank=True)
    options = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    preview = EncryptedJSONField(null=True)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    counts: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    written = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    objects = ScopedQuerySet.as_manager()
    view_permission = "exchange.view_import"

    class Meta:
        verbose_name = verbose_name_plural = _("导入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="exchange_import_state_known")
        ]
        indexes = [
            models.Index(fields=["created_by", "resource", "-id"], name="exchange_import_own"),
            models.Index(fields=["created_at"], condition=~Q(state__in=ENDED), name="exchange_import_unended"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def fit(self) -> int:
        """How many rows would be written."""
        return self.counts.get("new", 0) + self.counts.get("changed", 0)

    @property
    def unfit(self) -> int:
        return self.counts.get("conflict", 0) + self.counts.get("invalid", 0)

    @property
    def unusual(self) -> int:
        """How many of the fit rows have questions."""
        return self.counts.get("unusual", 0)


class Outcome(models.TextChoices):
    """What the check found a row to be."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("修改")
    UNCHANGED = "unchanged", _("没有变化")
    CONFLICT = "conflict", _("冲突")
    INVALID = "invalid", _("有错误")


FIT = (Outcome.NEW, Outcome.CHANGED)


class RowState(models.TextChoices):
    """What has become of a row since."""

    WAITING = "waiting", _("待导入")
    WRITTEN = "written", _("已导入")
    LEFT = "left", _("没有导入")
    UNDONE = "undone", _("已撤销")


class StagedRow(models.Model):
    """One row of an import between check and writing, and afterwards for handing it back or undoing it. Rows that change
    nothing are counted and not kept.

    What the row says stands in one of two columns: ``content``, or ``sealed`` when the resource has a personal column.
    Its entries: ``cells`` as they stood, by column; ``values`` to be written; ``title``; ``changes`` in words; ``problems``
    (name, column, reason, cure); ``questions`` (key, message); ``before`` for undoing.
    """

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100, blank=True)
    number = models.PositiveIntegerField(_("行"))
    outcome = models.CharField(max_length=10, choices=Outcome)
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    is_unusual = models.BooleanField(default=False)
    #: Looked at before others of its outcome.
    stands_first = models.BooleanField(default=False)
    #: Key of the row of the portal it changes, or that was made of it.
    target = models.CharField(max_length=40, blank=True)
    content = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    sealed = EncryptedJSONField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入的行")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values, state__in=RowState.values), name="staged_row_known"
            )
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "state", "id"], name="staged_row_next"),
            models.Index(fields=["batch", "id"], condition=Q(is_unusual=True), name="staged_row_unusual"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"

    @property
    def said(self) -> dict[str, Any]:
        """What the row says, wherever it is kept."""
        return self.content if self.content is not None else self.sealed or {}

    def say(self, content: Mapping[str, Any], *, is_personal: bool) -> None:
        self.content, self.sealed = (None, dict(content)) if is_personal else (dict(content), None)

    @property
    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = self.said.get("values", {})
        return values

    @property
    def is_personal(self) -> bool:
        return self.content is None


class HeadingSynonymQuerySet(ScopedQuerySet["HeadingSynonym"]):
    def in_use(self) -> Iterator[tuple[str, str]]:
        """(heading, word), both in their normal form."""
        for heading, word in self.filter(is_active=True).order_by("pk").values_list("heading", "word"):
            yield normal(heading), normal(word)


class HeadingSynonym(models.Model):
    """Another heading that lists of enterprises give a column of the portal: 活动名称 for 标题. The province's list."""

    heading = models.CharField(_("平台的列名"), max_length=60, help_text=_("模板中的列名，不带单位，例如“参加人数”。"))
    word = models.CharField(_("企业台账中的叫法"), max_length=60, help_text=_("例如“到场人数”。"))
    is_active = models.BooleanField(_("在用"), default=True, help_text=_("停用后导入时不再按这个叫法对应。"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HeadingSynonymQuerySet.as_manager()
    view_permission = "exchange.view_synonyms"

    class Meta:
        verbose_name = verbose_name_plural = _("列名的其他叫法")
        ordering = ["heading", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["heading", "word"],
                name="heading_synonym_once",
                violation_error_message=_("这个叫法已经登记过了。请在列表中查找，不要重复登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.heading}"

    def get_absolute_url(self) -> str:
        return reverse("backoffice:synonym", args=[self.pk])

    def clean(self) -> None:
        if self.heading and self.word and normal(self.heading) == normal(self.word):
            raise ValidationError({"word": _("和平台的列名一样，不用登记。请填企业台账中的另一个叫法。")})


class ColumnMemory(models.Model):
    """How somebody of a unit matched a sheet's headings by hand: the next sheet of the unit with the same headings is read
    in the same way. ``signature`` names the headings."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="+")
    resource = models.CharField(max_length=60)
    slug = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    mapping: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("列的对应")
        constraints = [
            models.UniqueConstraint(fields=["place", "resource", "slug", "signature"], name="column_memory_once")
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.signature[:8]}"
