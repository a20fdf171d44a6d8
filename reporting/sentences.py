"""The order of the report's task areas, and what it says of the register. What is said of an area is declared by the room
that owns its figures (``<room>/sentences.py``, ``foundation.facts.sentences``).
"""

from django.utils.translation import gettext_lazy

from foundation.labels import Label

#: The task areas by their rooms, in the order of the opinion's measures; each is headed by its room's name.
AREAS = ("ideology", "competitions", "skills", "rights", "services")

#: What 总体情况 says of the register, after 全省.
REGISTER: tuple[Label, ...] = (
    gettext_lazy("登记参加产业工人队伍建设改革的企业{REG.enterprises}家"),
    gettext_lazy("其中试点企业{REG.pilots}家"),
    gettext_lazy("；{REG.headcount:reporting}家企业登记了职工人数，共{REG.headcount}人"),
    gettext_lazy("其中一线职工{REG.frontline}人"),
    gettext_lazy("；已建立党组织的企业{REG.party_orgs}家"),
    gettext_lazy("；已建立工会组织的企业{REG.unions}家"),
    gettext_lazy("；产改指导员、联络员、观察员配齐的企业{REG.instructors}家"),
)
