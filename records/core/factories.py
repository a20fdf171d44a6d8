"""Sample records: what tests, the demo and the measuring seed are made of.

Each area declares a factory for each of its kinds in its own ``factories.py``; a kind without one fails a contract
test. A factory builds (never saves) a complete, valid row, for ``records.core.bulk.create_records`` to write.
"""

import datetime
import functools
from typing import Any

import factory
import factory.random
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from enterprises.models import Enterprise
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from records.core.kinds import RecordKind
from records.core.models import Record

_factories: dict[str, type["RecordFactory"]] = {}


class RecordFactory(factory.django.DjangoModelFactory[Record]):
    """Base of all. ``enterprise``, or the ``office`` that reports, must be given; an event needs ``happened_on``, a return
    its ``period``.

    Randomness comes from ``factory.random``, so that a seed makes the same rows again.
    """

    class Meta:
        abstract = True

    class Params:
        # A declaration reads the enterprise of what is being built by the name the record has for it.
        filing_enterprise = factory.SelfAttribute("enterprise")


def register_factory(made: type[RecordFactory]) -> type[RecordFactory]:
    """Class decorator. A second factory of a kind is an error."""
    slug = made._meta.model.kind_slug()
    if _factories.get(slug, made) is not made:
        raise ValueError(f"record kind {slug!r} has two factories")
    _factories[slug] = made
    return made


@functools.cache
def _discover() -> None:
    """Import every app's ``factories``, once: only then, because nothing but samples needs them."""
    autodiscover_modules("factories")


def factory_for(kind_slug: str) -> type[RecordFactory]:
    """Raises ``LookupError`` for a kind nobody declared a factory for."""
    _discover()
    try:
        return _factories[kind_slug]
    except KeyError:
        raise LookupError(f"record kind {kind_slug!r} has no factory: declare one in its area's factories.py") from None


def build_record(
    kind: RecordKind, *, enterprise: Enterprise | Place, day: datetime.date | None = None, **values: Any
) -> Record:
    """An unsaved complete row of any kind: of that day for an event, of that day's quarter or year for a return. In place of
    the ``enterprise`` may stand the office that reports the kind of itself."""
    day = day or timezone.localdate()
    if kind.is_return:
        values.setdefault("period", kind.period_of(Quarter.of(day)))
    else:
        values.setdefault("happened_on", day)
    if isinstance(enterprise, Enterprise):
        values["enterprise"] = enterprise
    else:
        values.update(enterprise=None, office=enterprise)
    record: Record = factory_for(kind.slug).build(**values)
    return record


def chance(probability: float) -> bool:
    return factory.random.randgen.random() < probability


def between(low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``, both included; ``low`` when they cross."""
    return factory.random.randgen.randint(low, max(low, high))
