"""Sample rows of this room's registers."""

import factory

from foundation.crud.factories import RegisterFactory, register_sample
from foundation.exchange.models import HeadingSynonym


@register_sample("backoffice.synonyms")
class SynonymFactory(RegisterFactory):
    class Meta:
        model = HeadingSynonym

    heading = "标题"
    word = factory.Sequence(lambda number: f"示例叫法{number + 1}")
    is_active = True
