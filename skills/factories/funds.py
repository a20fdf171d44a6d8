"""Sample returns on training funds."""

from decimal import Decimal

import factory
import factory.random
from factory.fuzzy import FuzzyChoice

from foundation.crud.factories import RegisterFactory, register_sample
from records.core.factories import RecordFactory, between, chance, register_factory
from skills.factories.shares import known, share, staff
from skills.loading import PURPOSES
from skills.models import Spending, SpendingPurpose, TrainingFund

_CENT = Decimal("0.01")


def _spending(record: TrainingFund) -> list[Spending]:
    """Two to four purposes that add up to what was spent; now and then nobody told them apart."""
    if chance(0.15) or record.spent is None:
        return []
    codes = [code for code, _name in PURPOSES]
    chosen = sorted(factory.random.randgen.sample(codes, between(2, 4)), key=codes.index)
    rest = record.spent
    lines = []
    for code in chosen[:-1]:
        amount = (rest * between(20, 60) / 100).quantize(_CENT)
        lines.append(Spending(purpose_id=code, amount=amount))
        rest -= amount
    return [*lines, Spending(purpose_id=chosen[-1], amount=rest)]


@register_factory
class TrainingFundFactory(RecordFactory):
    class Meta:
        model = TrainingFund

    #: Some 800 to 2,500 元 for each of the staff.
    spent = factory.LazyAttribute(lambda record: Decimal(staff(record) * between(8, 25)) / 100)
    frontline = factory.LazyAttribute(lambda record: (record.spent * between(60, 85) / 100 + _CENT).quantize(_CENT))
    accrued = factory.LazyAttribute(
        lambda record: None if chance(0.2) else (record.spent * between(100, 130) / 100).quantize(_CENT)
    )
    trained = factory.LazyAttribute(lambda record: known(share(record, 40, 95)))
    overseen = True
    spending = factory.LazyAttribute(_spending)


@register_sample("skills.spending_purposes")
class SpendingPurposeFactory(RegisterFactory):
    class Meta:
        model = SpendingPurpose

    code = factory.Sequence(lambda number: f"sample-{number + 1}")
    name = factory.Sequence(lambda number: f"示例用途{number + 1}")
    order = factory.Sequence(lambda number: 50 + number)
    is_settled = FuzzyChoice((True, False))
