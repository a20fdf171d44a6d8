"""Record: something an enterprise reports under a measure and an office decides on."""

import dataclasses
import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, searched_for
from foundation.access.rules import ScopedQuerySet
from foundation.calendar.periods import Quarter, QuarterField, Year
from foundation.fields import label_of_field
from foundation.folding import spellings
from foundation.limits import too_large
from foundation.places.models import Place
from foundation.textsearch.indexes import TextIndex, keys_of_each, register_text_index
from records.core.fields import quantity_of


class Status(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已通过")
    REJECTED = "rejected", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")


#: The enterprise may change these and hand them in (again).
EDITABLE = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN)


#: No activity of the reform lies before; an earlier year is a slip of the finger.
EARLIEST_YEAR = 2000


def check_day(day: datetime.date) -> None:
    """Raise ``ValidationError`` for a day on which nothing that is filed can have happened."""
    if day.year < EARLIEST_YEAR:
        words = _("活动日期 %(day)s 早于 %(year)d 年。请核对年份。")
        raise ValidationError(words % {"day": day, "year": EARLIEST_YEAR})
    if day > timezone.localdate():
        raise ValidationError(_("活动日期 %(day)s 还没有到。请填已经举办的活动的日期。") % {"day": day})


#: From this degree of risk on a record is looked at twice: it is marked in the queue, and the city samples it.
HIGH_RISK = 3
#: What the city looks at of what counties approved: the share drawn by lot, what an officer marked, what looked unusual.
TO_SAMPLE = Q(is_sampled=True) | Q(is_flagged=True) | Q(risk__gte=HIGH_RISK)


#: 人次 to sort by: whoever reported none stands below whoever reported nobody.
REPORTED_ATTENDANCES = Coalesce("attendances", -1)
#: The hand-in to sort by: what was never handed in stands before everything that was, on either database.
HANDED_IN = Coalesce("submitted_at", Value(datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)))
TITLES = register_text_index(TextIndex("record_title_text", "records_record", ("title",)))


def reference_of(county: str, quarter: str, pk: int) -> str:
    """A record's number as printed and searched for: county code, year, running number."""
    return f"{county}-{quarter[:4]}-{pk:06d}"


@dataclasses.dataclass(frozen=True)
class PeopleInRecords:
    """Columns of a kind's own table with names of persons by which its records are found. Declared beside the kind's
    model; ``index`` is made by ``AddTextIndex`` on that table, whose key is the record's."""

    index: TextIndex
    model: str

    def rows(self) -> "models.QuerySet[Any]":
        # Only keys are taken from here, for a condition on what the caller may see.
        rows: models.QuerySet[Any] = apps.get_model(self.model)._base_manager.all()
        return rows

    def spelled(self, word: str) -> Q:
        condition = Q()
        for spelling in spellings(word):
            condition |= self.index.holding(spelling)
        return condition

    @property
    def prefix(self) -> str:
        """How a record leads to its row of the table."""
        return f"{self.model.rpartition('.')[2].lower()}__"


PEOPLE_IN_RECORDS: list[PeopleInRecords] = []


def people_of(model: str, index: TextIndex) -> TextIndex:
    """Have the records of a model (``app.Model``) found by the persons named in the columns of an index. Registering the
    same again changes nothing."""
    declared = PeopleInRecords(register_text_index(index), model)
    if declared not in PEOPLE_IN_RECORDS:
        PEOPLE_IN_RECORDS.append(declared)
    return index


def _of_people(people: PeopleInRecords, keys: list[Any] | None, word: str) -> list[Q]:
    """The records that name such a person. Of a name that very many hold, the first rows looked at hold it."""
    if keys is None:
        return [people.index.containing(spelling, prefix=people.prefix) for spelling in spellings(word)]
    return [Q(pk__in=keys)] if keys else []


class RecordQuerySet(ScopedQuerySet["Record"]):
    def waiting(self) -> Self:
        """What waits for an office, oldest first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "pk")

    def approved(self) -> Self:
        return self.filter(status=Status.APPROVED)

    def search(self, words: Sequence[str], *, kinds: Mapping[str, Collection[str]] | None = None) -> Self:
        """All the words, each as part of the title, of the name of a person the kind names (its speaker) or of the
        enterprise's names, as the record's number, or by its kind (``kinds``: word → slugs). One query at once, for the
        enterprises and the persons."""
        asked: list[models.QuerySet[Any]] = [Enterprise.objects.search(word) for word in words]
        for people in PEOPLE_IN_RECORDS:
            asked += [people.rows().filter(people.spelled(word)) for word in words]
        keys = keys_of_each(asked)
        enterprises, spoken = keys[: len(words)], keys[len(words) :]
        found = self
        for at, (word, named) in enumerate(zip(words, enterprises, strict=True)):
            others: list[Q] = []
            number = word.rsplit("-", 1)[-1].lstrip("0")
            if number.isdecimal():
                others.append(Q(pk=int(number[:18])))
            if slugs := (kinds or {}).get(word):
                others.append(Q(kind__in=slugs))
            of_word = spoken[at :: len(words)]
            for people, found_keys in zip(PEOPLE_IN_RECORDS, of_word, strict=True):
                others += _of_people(people, found_keys, word)
            is_common = named is None or None in of_word
            filed_by = Q(enterprise__in=named)
            if named is None:
                filed_by = searched_for(word, prefix="enterprise__", is_common=True)
            titled = TITLES.containing if is_common else TITLES.holding
            condition = titled(word, filed_by, *others)
            for spelling in spellings(word)[1:]:
                condition |= titled(spelling)
            found = found.filter(condition)
        return found

    def for_list(self) -> Self:
        """What a list row shows, in one query."""
        return self.select_related("enterprise", "office", "county", "city")

    def filed_by(self, filer: "Enterprise | Place") -> Self:
        """What one enterprise filed, or an office as its own."""
        return self.filter(enterprise=filer) if isinstance(filer, Enterprise) else self.filter(office=filer)

    def of_filers(self, places: Collection[int]) -> "models.QuerySet[Any]":
        """What these filed, enterprises and offices by the keys of their places; ``filing_place`` is that key."""
        return self.annotate(filing_place=Coalesce("enterprise_id", "office_id")).filter(
            Q(enterprise_id__in=places) | Q(office_id__in=places)
        )


_RecordManager = models.Manager.from_queryset(RecordQuerySet)


class RecordManager(_RecordManager["Record"]):
    """A child's manager always names its kind: without it the planner reads the whole base (280 ms against 1.5 ms)."""

    def get_queryset(self) -> RecordQuerySet:
        queryset = cast(RecordQuerySet, super().get_queryset())  # the stubs forget what the manager was made from
        if self.model is not Record:
            queryset = queryset.filter(kind=self.model.kind_slug())
        return queryset


class KindField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs only
    """The slug of the row's kind, written on save from the model's class, so that it cannot be wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=60, editable=False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        model = type(model_instance)
        if not issubclass(model, Record):
            raise TypeError(f"{model._meta.label} is no kind of record")
        if model is not Record:
            setattr(model_instance, self.attname, model.kind_slug())
        slug: str = getattr(model_instance, self.attname)
        return slug


class Record(models.Model):
    """The base row of every kind. One level of inheritance only (a system check says so).

    Either an ``enterprise`` reports, or an ``office`` what it does itself; the key of an enterprise is that of its place, so
    that ``filer_id`` always names a place. ``province``, ``city`` and ``county`` are copied when the record is made and
    stay: history remains where it was filed. Of a city's or the province's own record the lower ones are the office's
    own place, so that it is counted and found there and nowhere below.

    ``quarter`` is the quarter the record counts in; a back entry (``is_backfill``) counts in its own or not at all. What
    the reviewing side needs (``decide_by``, ``risk``, ``is_sampled`` …) is worked out when the record moves, in
    ``records.review.effects``. ``period`` is set for returns only (``2026Q3`` or ``2026``) and makes them unique per filer.
    Empty numbers mean "not reported", never zero.
    """

    kind = KindField(_("记录类型"))
    title = models.CharField(_("标题"), max_length=120)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="records",
        verbose_name=_("企业"),
    )
    office = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("产改办"),
    )
    # Enterprise and places begin longer indexes below; short ones of their own would only cost writing.
    province = models.ForeignKey("places.Place", models.PROTECT, db_index=False, related_name="+", editable=False)
    city = models.ForeignKey(
        "places.Place", models.PROTECT, db_index=False, related_name="+", editable=False, verbose_name=_("设区市")
    )
    county = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        db_index=False,
        related_name="+",
        editable=False,
        verbose_name=_("县（市、区）"),
    )
    happened_on = models.DateField(_("活动日期"), null=True, blank=True)
    quarter = QuarterField(_("统计季度"), editable=False)
    period = models.CharField(_("报告期"), max_length=6, null=True, blank=True, editable=False)
    is_late_entry = models.BooleanField(_("补报"), default=False, editable=False)
    filed_on_behalf = models.BooleanField(_("代填"), default=False, editable=False)
    is_backfill = models.BooleanField(_("历史补录"), default=False, editable=False)
    import_batch = models.ForeignKey(
        "exchange.Import", models.SET_NULL, null=True, editable=False, db_index=False, related_name="records"
    )
    number_of_people = models.PositiveIntegerField(
        _("参加人数"), null=True, blank=True, help_text=_("单位：人。同一人只计一次。")
    )
    attendances = models.PositiveIntegerField(
        _("参加人次"), null=True, blank=True, help_text=_("单位：人次。同一人参加两场计两次。")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    held_by = models.CharField(_("待审级次"), max_length=10, blank=True, default="", editable=False)
    reason = models.TextField(_("审核意见"), blank=True, default="", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    first_submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    decided_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    decide_by = models.DateField(_("审核期限"), null=True, editable=False)
    appeal_until = models.DateField(_("申诉期限"), null=True, editable=False)
    risk = models.PositiveSmallIntegerField(_("关注程度"), default=0, editable=False)
    risk_reasons = models.CharField(max_length=120, blank=True, default="", editable=False)
    is_flagged = models.BooleanField(_("标记关注"), default=False, editable=False)
    is_sampled = models.BooleanField(_("抽中复查"), default=False, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )

    objects = RecordManager()
    view_permission = "records.view"
    #: (part, whole): fields of a kind, or of the base, of which the first counts some of the second. A part above its
    #: whole is refused.
    parts: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: The same, where life has exceptions (dispatched workers on the line who are not on the staff): a part above its
    #: whole is asked about when the record is handed in, and stands with a word of reason (``records.core.warnings``).
    usual_parts: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: (field, what the register says of the enterprise): people who are usually among its own, by another return.
    parts_of_staff: ClassVar[tuple[tuple[str, str], ...]] = (("number_of_people", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("活动记录")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "enterprise", "period"],
                # A rejected return stands for nothing: a new one may be filed beside it.
                condition=Q(period__isnull=False) & ~Q(status="rejected"),
                name="record_one_return_per_period",
            ),
            models.UniqueConstraint(
                fields=["kind", "office", "period"],
                condition=Q(period__isnull=False) & ~Q(status="rejected"),
                name="record_one_office_return",
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, office__isnull=True)
                | Q(enterprise__isnull=True, office__isnull=False),
                name="record_has_one_filer",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="record_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(submitted_at__isnull=False),
                name="record_submitted_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["province", "submitted_at"], condition=Q(status="submitted"), name="record_wait_province"
            ),
            models.Index(fields=["city", "submitted_at"], condition=Q(status="submitted"), name="record_wait_city"),
            models.Index(fields=["county", "submitted_at"], condition=Q(status="submitted"), name="record_wait_county"),
            models.Index(fields=["county", "decide_by"], condition=Q(status="submitted"), name="record_decide_county"),
            # With the places below, so that what waits there is counted from the index alone.
            models.Index(
                fields=["province", "held_by", "decide_by", "city", "county"],
                condition=Q(status="submitted"),
                name="record_decide_province",
            ),
            models.Index(
                fields=["city", "held_by", "decide_by", "county"],
                condition=Q(status="submitted"),
                name="record_decide_city",
            ),
            models.Index(
                fields=["city", "decided_at", "id"],
                condition=Q(status="approved") & TO_SAMPLE,
                name="record_sample_decided",
            ),
            models.Index(
                fields=["quarter", "province", "city", "county", "kind", "id", "version"],
                condition=Q(status="approved") & TO_SAMPLE,
                name="record_sample_quarter",
            ),
            models.Index(fields=["import_batch"], condition=Q(import_batch__isnull=False), name="record_of_import"),
            models.Index(fields=["enterprise", "-id"], name="record_of_enterprise"),
            models.Index(fields=["office", "-id"], condition=Q(office__isnull=False), name="record_of_office"),
            models.Index(fields=["enterprise", "quarter", "kind", "status"], name="record_counted"),
            models.Index(
                fields=["kind", "quarter", "county"], condition=Q(status="approved"), name="record_approved_quarter"
            ),
            models.Index(fields=["kind", "province", "-id"], name="record_kind_province"),
            models.Index(fields=["kind", "city", "-id"], name="record_kind_city"),
            models.Index(fields=["kind", "county", "-id"], name="record_kind_county"),
            *(
                models.Index(place, REPORTED_ATTENDANCES, "id", name=f"record_attendances_{place}")
                for place in ("province", "city")
            ),
            *(models.Index(place, HANDED_IN, "id", name=f"record_handed_in_{place}") for place in ("province", "city")),
            *(
                models.Index(fields=[place, "quarter", "-id"], name=f"record_quarter_{place}")
                for place in ("province", "city", "county")
            ),
            models.Index(fields=["province", "-id"], name="record_province"),
            models.Index(fields=["city", "-id"], name="record_city"),
            models.Index(fields=["county", "-id"], name="record_county"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def kind_slug(cls) -> str:
        """``ideology.lecture``: the slug of a child model; the base has none."""
        return cls._meta.label_lower

    @property
    def reference(self) -> str:
        """The record's number as printed and searched for: county code, year, running number."""
        return reference_of(self.county.code, self.quarter, self.pk)

    @property
    def filer(self) -> "Enterprise | Place":
        """Who reports: an enterprise, or an office for itself."""
        filer = self.enterprise or self.office
        if filer is None:
            raise ValueError(f"record {self.pk} has no filer")
        return filer

    @property
    def filer_id(self) -> int:
        """The key of the filer's place."""
        key = self.enterprise_id or self.office_id
        if key is None:
            raise ValueError(f"record {self.pk} has no filer")
        return key

    @property
    def filing_enterprise(self) -> Enterprise:
        """The enterprise of a kind that enterprises file. Raises ``ValueError`` for an office's own record."""
        if self.enterprise is None:
            raise ValueError(f"record {self.pk} is an office's own")
        return self.enterprise

    @property
    def is_of_office(self) -> bool:
        """An office reports what it did itself; what it files on behalf of an enterprise is the enterprise's."""
        return self.office_id is not None

    @property
    def is_high_risk(self) -> bool:
        return self.risk >= HIGH_RISK

    @property
    def is_overdue(self) -> bool:
        """The day by which an office should have decided is over."""
        return self.decide_by is not None and self.decide_by < timezone.localdate()

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    #: What an action did besides, in words for whoever asked for it; kept nowhere.
    told: Sequence[str] = ()

    def specific(self) -> "Record":
        """The row as its own kind; one query, none when it already is."""
        model: type[models.Model] = apps.get_model(self.kind)
        if isinstance(self, model):
            return self
        found = model._default_manager.get(pk=self.pk)
        if not isinstance(found, Record):
            raise TypeError(f"{self.kind} is no kind of record")
        return found

    def clean(self) -> None:
        errors = too_large(self)
        if self.happened_on:
            try:
                check_day(self.happened_on)
            except ValidationError as problem:
                errors["happened_on"] = str(problem.message)
        for name, within in self.parts:
            part, whole = getattr(self, name), getattr(self, within)
            if part is not None and whole is not None and part > whole:
                errors[name] = _("“%(part)s”（%(some)s）超过了“%(whole)s”（%(all)s）。请核对两个数。") % {
                    "part": label_of_field(self, name),
                    "some": quantity_of(self, name, part),
                    "whole": label_of_field(self, within),
                    "all": quantity_of(self, within, whole),
                }
        if errors:
            raise ValidationError(errors)

    @property
    def counted_label(self) -> str:
        """The quarter it counts in, or the year: the quarter of an annual return is only the one it was filed with."""
        return (self.year or Quarter.parse(self.quarter)).label

    @property
    def year(self) -> Year | None:
        """The year of an annual return; None of any other record."""
        return Year.parse(self.period) if self.period and self.period.isdecimal() else None
