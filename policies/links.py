"""What answers a clause, told from above. ``policies`` knows no record kinds: the rooms that do register a provider."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from foundation.crud.resource import all_resources
from foundation.facts.declaring import declared_facts
from foundation.folding import fold


@dataclass(frozen=True)
class ClauseLink:
    """Something that answers a clause or a whole measure: what it is called and where it is listed."""

    clause: str
    label: str
    url: str


Provider = Callable[[], Iterable[ClauseLink]]

_providers: list[Provider] = []


def register_clause_links(provider: Provider) -> Provider:
    """Add a provider, asked each time a document is shown. Usable as a decorator; adding it twice does nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def links_by_code() -> dict[str, list[ClauseLink]]:
    """All links, by the code they answer, in the order the providers give them."""
    found: dict[str, list[ClauseLink]] = defaultdict(list)
    for provider in _providers:
        for link in provider():
            found[link.clause].append(link)
    return dict(found)


@dataclass(frozen=True)
class Answer:
    """What answers a point of a clause: what it is called and, where it has one, the address of its list."""

    label: str
    url: str = ""


#: Given a name as the points have it, what is there under that name.
Resolver = Callable[[str], Answer | None]

_resolvers: list[Resolver] = []


def register_answers(resolver: Resolver) -> Resolver:
    """Add a resolver of names that points may give. Usable as a decorator; adding it twice does nothing."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)
    return resolver


def answer_to(name: str) -> Answer | None:
    """What is there under this name; None while nothing is."""
    return next((answer for resolver in _resolvers if (answer := resolver(name))), None)


#: Given names, what is there under them; for what stands in the database, which is asked once for all of them.
StoredResolver = Callable[[Collection[str]], Mapping[str, Answer]]

_stored_resolvers: list[StoredResolver] = []


def register_stored_answers(resolver: StoredResolver) -> StoredResolver:
    """Add a resolver of names whose answers are rows. Only points of entered documents may give such names."""
    if resolver not in _stored_resolvers:
        _stored_resolvers.append(resolver)
    return resolver


def answers_to(names: Collection[str]) -> dict[str, Answer]:
    """What is there under these names, rows included; names of nothing are left out."""
    found = {name: answer for name in names if (answer := answer_to(name))}
    for resolver in _stored_resolvers:
        if missing := [name for name in names if name not in found]:
            found |= resolver(missing)
    return found


@dataclass(frozen=True)
class Offer:
    """Something that a point may be linked to: its name, what it is called, and of what sort it is."""

    name: str
    title: str
    sort: str

    @property
    def label(self) -> str:
        """职工大讲堂（记录类型）."""
        return gettext("%(title)s（%(sort)s）") % {"title": self.title, "sort": self.sort}


Offering = Callable[[], Iterable[Offer]]

_offerings: list[Offering] = []


def register_offers(offering: Offering) -> Offering:
    """Add what points of entered documents may be linked to. Usable as a decorator; adding it twice does nothing."""
    if offering not in _offerings:
        _offerings.append(offering)
    return offering


def offers() -> list[Offer]:
    """Everything a point may be linked to."""
    return [offer for offering in _offerings for offer in offering()]


def choices_of(known: Iterable[Offer]) -> list[tuple[str, str]]:
    """(what can be typed for each offer, what is said beside it): its label, or its name where others are called the same."""
    known = list(known)
    called = Counter(fold(offer.label) for offer in known)
    return [(offer.label, "") if called[fold(offer.label)] == 1 else (offer.name, offer.label) for offer in known]


@register_offers
def facts_and_registers_offered() -> Iterator[Offer]:
    for resource in all_resources():
        title = resource.title or resource.model._meta.verbose_name_plural
        yield Offer(f"register:{resource.key}", str(title), gettext("名录"))
    for code, fact in declared_facts().items():
        if not fact.is_internal:
            yield Offer(f"fact:{code}", str(fact.label), gettext("数据项"))


@register_answers
def facts_and_registers(name: str) -> Answer | None:
    """``fact:REG.party_orgs`` and ``register:enterprises.pilots``."""
    sort, _colon, code = name.partition(":")
    if sort == "fact" and (fact := declared_facts().get(code)):
        return Answer(str(fact.label))
    if sort == "register":
        for resource in all_resources():
            if resource.key == code:
                return Answer(str(resource.title or resource.model._meta.verbose_name_plural), resource.url("list"))
    return None
