"""Loading what the services' kinds need before anyone can file: the lists of honours and of programmes of help."""

from foundation.crud.choice_lists import load_choices
from foundation.loading import Loaded
from services.models import AidProject, Honour

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


#: Those that 2025年方案解读 names. Facts of three count by these codes.
AID_PROJECTS = (
    ("medicine", "特药补助"),
    ("dream", "关爱·圆梦"),
    ("newform", "新就业形态劳动者健康服务"),
    ("other", "其他帮扶项目"),
)


def load_aid_projects() -> Loaded:
    return load_choices(AidProject, AID_PROJECTS)
