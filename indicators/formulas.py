"""What an indicator's formula is made of: terms, read and said in words, and what may not be put together."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.facts.declaring import Fact, Nature, YearBasis, declared_facts
from foundation.saying import in_marks
from foundation.ui.formats import amount

#: Before the code of a fact that is taken off: ``-REG.frontline``.
MINUS = "-"
#: Units that say so many of so many: a share, of which the whole is the most.
SHARES = ("%", "％")
#: A seat is held by one person.
_SAME_UNIT = {"席": "人"}


def plain_code(term: str) -> str:
    """The code of the fact a term names, whatever its sign."""
    return str(term).removeprefix(MINUS)


def terms(side: Iterable[str]) -> list[tuple[int, str]]:
    """The terms of a side as (1 or -1, code of the fact)."""
    return [(-1 if str(term).startswith(MINUS) else 1, plain_code(term)) for term in side]


def _side_text(side: Sequence[str]) -> str:
    known = declared_facts()
    said = ""
    for number, (sign, code) in enumerate(terms(side)):
        label = str(known[code].label) if code in known else code
        mark = "－" if sign < 0 else "＋" if number else ""
        said += f" {mark} {label}" if number else f"{mark}{label}"
    return said


def formula_text(numerator: Sequence[str], denominator: Sequence[str], scale: Decimal) -> str:
    """``（甲 ＋ 乙）÷ 丙 × 100``: the formula as people write it."""
    above, under = _side_text(numerator), _side_text(denominator)
    if not denominator:
        return above if scale == 1 else f"（{above}）× {amount(scale)}"
    above = f"（{above}）" if len(numerator) > 1 else above
    under = f"（{under}）" if len(denominator) > 1 else under
    return f"{above} ÷ {under}" + ("" if scale == 1 else f" × {amount(scale)}")


def _units(facts: Iterable[Fact]) -> dict[str, str]:
    """Each unit, with the name of a fact that has it."""
    found: dict[str, str] = {}
    for fact in facts:
        found.setdefault(_SAME_UNIT.get(str(fact.unit), str(fact.unit)), str(fact.label))
    return found


def _side_problem(facts: Sequence[Fact]) -> str:
    """Why the facts of one side cannot be added up; "" where they can."""
    units = _units(facts)
    if len(units) > 1:
        said = "、".join(f"{in_marks(label)}（{unit}）" for unit, label in units.items())
        return _("单位不同，不能相加减：%s。请只选单位相同的数据项。") % said
    flows = {fact.nature is Nature.FLOW for fact in facts}
    if len(flows) > 1:
        return _("有的是年初起累计的数，有的是期末的数，不能相加减。请只选同一类数据项。")
    if len({fact.year_basis is YearBasis.CLOSED_YEAR for fact in facts}) > 1:
        return _("有的是上一整年的数，有的不是，不能相加减。请只选同一类数据项。")
    return ""


def _share_problem(above: Sequence[Fact], under: Sequence[Fact]) -> str:
    """Why one side is no share of the other."""
    units = _units([*above, *under])
    if len(units) > 1:
        said = "、".join(f"{in_marks(label)}（{unit}）" for unit, label in units.items())
        return _("单位是 %%，分子和分母的单位应相同：%s。请换数据项，或把单位改为“每千人”等。") % said
    flow_above = any(fact.nature is Nature.FLOW for fact in above)
    flow_under = any(fact.nature is Nature.FLOW for fact in under)
    if flow_above != flow_under:
        return _(
            "一边是年初起累计的数，一边是期末的数，相除不是占比，可能超过 100%。请换数据项，或把单位改为“每千人”等。"
        )
    return ""


def may_be_negative(numerator: Sequence[str], denominator: Sequence[str]) -> bool:
    """Whether something is taken off: no fact by itself is below zero."""
    return any(sign < 0 for sign, _code in terms([*numerator, *denominator]))


def is_share(numerator: Sequence[str], denominator: Sequence[str], *, unit: str) -> bool:
    """Whether it is so many per hundred of a whole, of which there are never more than the whole: no difference or rate of
    change, and nothing of a whole year beside what there is at a quarter's end (who was trained in a year may have left)."""
    if unit not in SHARES or not denominator or may_be_negative(numerator, denominator):
        return False
    known = declared_facts()
    closed = {known[code].year_basis is YearBasis.CLOSED_YEAR for _sign, code in terms([*numerator, *denominator])}
    return len(closed) == 1


def problems_of_formula(
    numerator: Sequence[str], denominator: Sequence[str], *, unit: str, scale: Decimal
) -> dict[str, str]:
    """What of a formula cannot be measured, by field."""
    known = declared_facts()
    errors: dict[str, str] = {}
    sides = {"numerator": numerator, "denominator": denominator}
    for name, side in sides.items():
        codes = [code for _sign, code in terms(side)]
        if unknown := sorted({code for code in codes if code not in known}):
            errors[name] = _("数据项 %(codes)s 不存在。请从已有数据项中选择。") % {"codes": "、".join(unknown)}
        elif twice := sorted({code for code in codes if codes.count(code) > 1}):
            errors[name] = _("数据项 %s 选了两次。请只留一次。") % "、".join(twice)
        elif problem := _side_problem([known[code] for code in codes]):
            errors[name] = problem
    if not numerator:
        errors["numerator"] = _("分子至少要有一个数据项。")
    for name, side in sides.items():
        if side and name not in errors and all(sign < 0 for sign, _code in terms(side)):
            errors[name] = _("全是减去的数据项，得不出数。请至少有一个加上的数据项。")
    if scale is None or scale <= 0:
        errors["scale"] = _("倍率应大于 0；百分比填 100，每千人填 1000，其余填 1。")
    if not errors and denominator:
        above, under = ([known[code] for _sign, code in terms(side)] for side in sides.values())
        if unit in SHARES and (problem := _share_problem(above, under)):
            errors["denominator"] = problem
        elif unit in SHARES and scale != 100:
            errors["scale"] = _("单位是 %，倍率应填 100。")
    return errors
