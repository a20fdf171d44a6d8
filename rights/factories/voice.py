"""Sample returns on disclosure and opinions."""

import factory
from factory.fuzzy import FuzzyChoice

from records.core.factories import RecordFactory, between, chance, register_factory
from records.core.several import joined
from rights.models import Voice, VoiceChannel, VoiceLine

_USUAL = (VoiceChannel.UNION, VoiceChannel.MANAGER, VoiceChannel.MEETING)


def _opinions(_record: Voice) -> list[VoiceLine]:
    found = []
    for channel in _USUAL[: between(1, len(_USUAL))]:
        received = between(0, 12)
        settled = received * between(80, 100) // 100
        satisfied = None if chance(0.3) else settled * between(70, 100) // 100
        found.append(
            VoiceLine(channel=channel, received=received, settled=settled, in_time=settled, satisfied=satisfied)
        )
    return found


@register_factory
class VoiceFactory(RecordFactory):
    class Meta:
        model = Voice

    disclosures = factory.LazyFunction(lambda: between(1, 6))
    channels = FuzzyChoice(
        tuple(joined(codes) for codes in (("board", "site"), ("board", "group"), ("board", "congress"), ()))
    )
    visits = factory.LazyFunction(lambda: None if chance(0.2) else between(0, 3))
    opinions = factory.LazyAttribute(_opinions)
