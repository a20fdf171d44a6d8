"""What the search everywhere finds among the records, and the kinds themselves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.places.models import pinyin_initials
from foundation.search.searchers import Hit, Searcher, Terms, register_searcher
from records.core.kinds import RecordKind, all_kinds, area_label, kind_of, kinds_to_fill
from records.core.models import Record


def find_records(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """By title, speaker, number, kind or enterprise, newest first."""
    kinds = {word: [kind.slug for kind in all_kinds() if word in kind.label] for word in terms}
    found = Record.objects.visible_to(user).search(terms, kinds=kinds)
    return [_record_hit(record) for record in found.for_list().order_by("-pk")[:limit]]


def _record_hit(record: Record) -> Hit:
    about = (kind_of(record).label, record.filer.name, record.counted_label, record.get_status_display())
    return Hit(
        title=record.title,
        url=reverse("records:detail", args=[record.pk]),
        subtitle=" · ".join(map(str, about)),
        matched=record.reference,
    )


def find_kinds(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """By label, its pinyin initials or area: an enterprise's people go to the form, the others to the list."""
    if not verdict(user, "records.view"):
        return []
    files = scope_of(user).is_enterprise
    kinds = kinds_to_fill() if files else all_kinds()
    return [_kind_hit(kind, files=files) for kind in kinds if _names(kind, terms)][:limit]


def _names(kind: RecordKind, terms: Terms) -> bool:
    text, initials = kind.label + area_label(kind.area), pinyin_initials(kind.label)
    return all(word in text or word.lower() in initials for word in terms)


def _kind_hit(kind: RecordKind, *, files: bool) -> Hit:
    url = reverse("records:create", args=[kind.slug]) if files else f"{reverse('records:list')}?kind={kind.slug}"
    what = _("填一条") if files else _("看已报的记录")
    return Hit(title=kind.label, url=url, subtitle=f"{area_label(kind.area)} · {what}")


def _reads_records(user: Actor) -> bool:
    return bool(verdict(user, "records.view"))


register_searcher(
    Searcher(
        name="records",
        label=_("活动记录"),
        hint=_("标题、主讲人、编号、记录类型、企业"),
        icon="files",
        find=find_records,
        order=20,
        offered_to=_reads_records,
    )
)
register_searcher(
    Searcher(
        name="kinds",
        label=_("记录类型"),
        hint=_("名称、拼音首字母、任务领域"),
        icon="tags",
        find=find_kinds,
        order=30,
        offered_to=_reads_records,
    )
)
