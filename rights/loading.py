"""Loading what the kinds of workers' rights need before anyone can file: the ways in which skill is rewarded."""

from foundation.crud.choice_lists import load_choices
from foundation.loading import Loaded
from rights.models import IncentiveItem

AGREED, PROJECT, ANNUAL, EQUITY = "agreed-pay", "project-pay", "annual-pay", "equity"
ALLOWANCE, PROMOTION = "skill-allowance", "promotion"
#: What both documents name, and what else is given to skilled workers; 待核定. Facts are counted by these codes.
ITEMS = (
    (AGREED, "协议工资"),
    (PROJECT, "项目工资"),
    (ANNUAL, "年薪制"),
    (EQUITY, "股权激励"),
    (PROMOTION, "工资升档晋级"),
    (ALLOWANCE, "技能津贴"),
    ("seniority-pay", "工龄工资"),
    ("profit-sharing", "增加利润二次分配"),
    ("innovation-reward", "创新奖励"),
    ("medical-check", "健康体检"),
    ("housing", "住房待遇"),
    ("schooling", "子女入学待遇"),
)


def load_incentive_items() -> Loaded:
    """The proposed items, when there are none at all: afterwards they are the province's."""
    return load_choices(IncentiveItem, ITEMS)
