"""The sentences that the kinds say they answer are the intended ones."""

from pathlib import Path

import pytest
from django.conf import settings

from policies import links
from policies.links import ClauseLink, links_by_code, register_clause_links
from policies.parsing import read_documents
from records.core.kinds import kind_by_slug

TEXTS = {
    clause.code: clause.text
    for document in read_documents(Path(settings.BASE_DIR) / "data" / "policy")
    for clause in document.clauses()
}


#: For each kind, each clause it names, and the words of that clause that it answers. Of the others the points of the clauses
#: say it (``data/policy/points.csv``), and ``tests/architecture/test_policy_coverage.py`` that each is named there.
INTENDED = {
    "ideology.campaign": {"2022-m1-c1": "“劳动创造幸福”主题宣传教育"},
    "ideology.schoolexchange": {"2022-m1-c1": "“劳模工匠进校园、思政教师进企业”活动"},
    "ideology.microwork": {"2022-m1-c2": "微视频、微故事、微党课"},
    "ideology.lecture": {"2022-m1-c3": "开设“职工大讲堂”", "2025-a4-f9": "大力推动“职工大讲堂”"},
    "ideology.partyassessment": {"2022-m2-c1": "党建、工建、产改一体推进", "2022-m2-c2": "将党建工作纳入企业年度考核"},
    "ideology.partyunionbuilding": {"2022-m2-c1": "党建、工建、产改一体推进", "2022-m2-c3": "三创争两提升"},
    "ideology.studioupgrade": {"2022-m2-c3": "双创双提升"},
    "ideology.partydevelopment": {"2022-m2-c4": "党员发展比例向工作生产一线倾斜", "2022-m2-c5": "国有企业党员空白班组"},
    "ideology.grouppost": {},
    "ideology.delegates": {"2022-m2-c6": "企业党代会、职代会中的比例", "2025-a4-m1-c1": "三代表三委员"},
    "ideology.representativeactivity": {
        "2025-a4-m1-c1": "推荐选拔优秀产业工人担任“三代表三委员”",
        "2025-a4-f1": "政治建设和履职能力培训",
    },
    "ideology.artcreation": {"2022-m3-c1": "文艺工作者深入企业采风"},
    "ideology.cultureevent": {
        "2022-m3-c2": "职工体育、职工读书、职工文艺和知识竞赛",
        "2022-m11-c3": "开展各类文体活动",
    },
    "ideology.literacyeducation": {"2022-m3-c3": "法律素养、安全素养和诚信意识", "2022-m10-c2": "网上安康课堂"},
    "ideology.voiceguidance": {},
    "rights.congresssession": {
        "2022-m9-c1": "职代会为基本形式的企业民主管理制度",
        "2025-a4-m1-c1": "完善职代会听取安全生产和职业健康专题报告制度",
        "2025-a4-f2": "职代会听取安全生产和职业健康专题报告",
    },
    "services.care": {"2022-m11-c4": "对新婚、生育、乔迁、住院、丧事的产业工人家庭开展慰问工作"},
    "services.pairing": {"2022-m11-c5": "“一对一、点对点”结对帮扶机制"},
    "services.publicity": {"2022-s4-c2": "在主流媒体和工会媒体开设专栏", "2025-p7-m3-c1": "加大宣传力度"},
    "services.recuperation": {"2022-m11-c1": "一线工人疗休养", "2025-a4-f8": "高技能人才等产业工人疗休养"},
    "services.responsibility": {
        "2025-p7-m2-c1": "强化国有企业政治责任",
        "2022-2-c4": "社会责任",
        "2022-s3-c4": "积极履行社会责任",
    },
    "services.award": {"2022-s3-c1": "激励、约束并举", "2022-s3-c3": "评选表彰、命名创建"},
    "services.leadership": {
        "2022-2-c3": "聚焦建功立业、素质提升、地位提高、队伍壮大等重点任务",
        "2022-2-c4": "在人财物等方面提供保障支持",
        "2022-2-c5": "与党建工作同谋划、同部署、同推进",
        "2022-2-c6": "积极发挥牵头抓总作用",
        "2022-m9-c1": "提交职工代表大会或职工大会审议",
        "2022-s1-c1": "建立推进企业改革工作责任制",
    },
}


@pytest.mark.parametrize("slug", INTENDED)
def test_kind_names_the_intended_sentences(slug: str) -> None:
    kind, intended = kind_by_slug(slug), INTENDED[slug]
    assert set(kind.clauses) == set(intended)
    for code, words in intended.items():
        assert words in TEXTS[code], code


def test_links_are_gathered_by_code_and_a_provider_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_providers", [])
    first, second = ClauseLink("2022-m1-c3", "甲", "/a/"), ClauseLink("2022-m1-c3", "乙", "/b/")

    def provider() -> list[ClauseLink]:
        return [first, second]

    register_clause_links(provider)
    register_clause_links(provider)
    assert links_by_code() == {"2022-m1-c3": [first, second]}
