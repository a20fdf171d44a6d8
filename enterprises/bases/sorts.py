"""The sorts of bases that figures are counted by, and that a new portal begins with."""

from enterprises.models import BaseSort
from foundation.crud.choice_lists import load_choices
from foundation.loading import Loaded

CONTEST, STUDIO = "contest-base", "studio"
ENGINEERING, TECHNOLOGY, TECHNICAL = "engineering-centre", "technology-centre", "technical-centre"
TRAINING, MASTER, HERITAGE = "training-base", "master-studio", "heritage-platform"
APARTMENT, SCHOOL, CANTEEN, PARKING, SPORTS = "apartment", "school", "canteen", "parking", "sports"
PALACE, ONLINE = "palace", "online-platform"
LEGAL_AID, MEDIATION, RECUPERATION = "legal-aid", "mediation", "recuperation"

#: Named by 《关于深化产业工人队伍建设改革的实施意见》(2022) or the plan of 2025 and its reading; 待核定.
SORTS = (
    (CONTEST, "技能竞赛基地"),
    (STUDIO, "劳模和工匠人才（职工）创新工作室"),
    (ENGINEERING, "工程研究中心"),
    (TECHNOLOGY, "企业技术中心"),
    (TECHNICAL, "工程技术研究中心"),
    (TRAINING, "生产性实训基地"),
    (MASTER, "“双师型”名师工作室"),
    (HERITAGE, "技艺技能传承创新平台"),
    (APARTMENT, "职工公寓"),
    (SCHOOL, "职工学校"),
    (CANTEEN, "职工好食堂"),
    (PARKING, "职工停车场"),
    (SPORTS, "职工运动场馆"),
    (PALACE, "工人文化宫"),
    (ONLINE, "“互联网+”普惠服务平台"),
    (LEGAL_AID, "法律援助点"),
    (MEDIATION, "劳动争议调解（诉调对接）工作室"),
    (RECUPERATION, "疗休养基地"),
)


def load_base_sorts() -> Loaded:
    """The proposed sorts, when there are none at all: afterwards they are the province's."""
    return load_choices(BaseSort, SORTS)
