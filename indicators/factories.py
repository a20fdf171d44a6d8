"""Sample targets, for tests and demo."""

import factory
from django.utils import timezone
from factory.fuzzy import FuzzyChoice

from foundation.crud.factories import RegisterFactory, register_sample
from indicators.models import Target


@register_sample("indicators.targets")
class TargetFactory(RegisterFactory):
    """One of the year's, each row of another indicator."""

    class Meta:
        model = Target

    indicator = factory.Sequence(lambda number: ("B01-1", "B01-2", "C01-1", "D02", "D04-1")[number % 5])
    year = factory.Sequence(lambda number: timezone.localdate().year + number // 5 % 3)
    value = FuzzyChoice((20, 35, 60))
    note = "示例"
