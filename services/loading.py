"""Loading what the services' kinds need before anyone can file: the list of honours."""

from foundation.crud.choice_lists import load_choices
from foundation.loading import Loaded
from services.models import Honour

#: Those the opinion of 2022 names, and the model workers and craftsmen its other measures speak of. 待核定 by the province.
HONOURS = (
    ("model-worker", "劳动模范"),
    ("may-day", "五一劳动奖"),
    ("pioneer-team", "工人先锋号"),
    ("craftsman", "工匠"),
    ("harmonious-relations", "和谐劳动关系示范企业"),
    ("workers-home", "模范职工之家"),
    ("open-affairs", "厂务公开民主管理先进单位"),
    ("happy-enterprise", "幸福企业"),
)


def load_honours() -> Loaded:
    return load_choices(Honour, HONOURS)
