"""The indicators of the reform's catalogue that the present facts can answer. Once loaded they are the province's."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from indicators.models import Basis, Direction, Indicator

#: The first quarter measured: the policy document of 2022 was issued in its third.
SINCE = "2022Q3"
HUNDRED = Decimal(100)
LEADING, THINKING, SKILLS, RUNNING = "组织领导", "思想引领", "素质提升", "填报情况"
DOCUMENT = "苏产改办〔2022〕12号"
OWN = "平台统计"

CATALOGUE: tuple[dict[str, Any], ...] = (
    {
        "code": "A01",
        "name": "党政主要负责人任组长的企业占比",
        "area": LEADING,
        "unit": "%",
        "period": Basis.POINT,
        "numerator": ["A01.led_by_principal"],
        "denominator": ["A01.reported"],
        "scale": HUNDRED,
        "source": f"{DOCUMENT}“一把手”工程",
        "note": "分母为已报领导机构情况的企业。",
    },
    {
        "code": "A02",
        "name": "实施方案经职代会审议的企业占比",
        "area": LEADING,
        "unit": "%",
        "period": Basis.YEAR,
        "numerator": ["A02.plan_reviewed"],
        "denominator": ["A01.reported"],
        "scale": HUNDRED,
        "source": f"{DOCUMENT}第9条",
        "note": "分母为已报领导机构情况的企业。",
    },
    {
        "code": "A04",
        "name": "专题研究产改会议次数",
        "area": LEADING,
        "unit": "次",
        "period": Basis.YEAR,
        "numerator": ["A04.meetings"],
        "source": "工作惯例（出处待核定）",
        "note": "本年度至填报日的次数，由年度填报汇总。",
    },
    {
        "code": "A05",
        "name": "指导员、联络员、观察员配齐的企业占比",
        "area": LEADING,
        "unit": "%",
        "period": Basis.POINT,
        "numerator": ["REG.instructors"],
        "denominator": ["REG.enterprises"],
        "scale": HUNDRED,
        "source": "江苏省2025年方案（组织领导）",
        "note": "三员都已确定人选的企业占在册企业。",
    },
    {
        "code": "A08",
        "name": "试点企业数",
        "area": LEADING,
        "unit": "家",
        "period": Basis.POINT,
        "numerator": ["REG.pilots"],
        "source": "试点工作（公开报道）",
        "note": "一家企业属于几个层级的试点时只计一次。",
    },
    {
        "code": "B01-1",
        "name": "职工大讲堂场次",
        "area": THINKING,
        "unit": "场",
        "period": Basis.QUARTER,
        "numerator": ["B01.sessions"],
        "source": f"{DOCUMENT}第1条；江苏省2025年方案",
        "note": "年初至本季累计。",
    },
    {
        "code": "B01-2",
        "name": "职工大讲堂参训人次",
        "area": THINKING,
        "unit": "人次",
        "period": Basis.QUARTER,
        "numerator": ["B01.attendances"],
        "source": f"{DOCUMENT}第1条；江苏省2025年方案",
        "note": "年初至本季累计。",
    },
    {
        "code": "B04",
        "name": "新发展党员中一线职工占比",
        "area": THINKING,
        "unit": "%",
        "period": Basis.YEAR,
        "numerator": ["B04.new_frontline"],
        "denominator": ["B04.new_members"],
        "scale": HUNDRED,
        "source": f"{DOCUMENT}第2条",
        "note": "年初至本季累计新发展党员。",
    },
    {
        "code": "B05",
        "name": "国有企业党员空白班组数",
        "area": THINKING,
        "unit": "个",
        "period": Basis.POINT,
        "direction": Direction.DOWN,
        "numerator": ["B05.empty_teams"],
        "target": Decimal(0),
        "source": f"{DOCUMENT}第2条；国家《意见》",
        "note": "季末时点数。",
    },
    {
        "code": "D02",
        "name": "高技能人才占技能人才比例",
        "area": SKILLS,
        "unit": "%",
        "period": Basis.POINT,
        "numerator": ["D02.highly_skilled"],
        "denominator": ["D01.skilled"],
        "scale": HUNDRED,
        "target": Decimal(35),
        "source": "中办发〔2022〕58号（东部省份35%）；人社部发〔2022〕14号“新八级工”",
        "note": "高级工及以上占初级工及以上，据最近一次年报。",
    },
    {
        "code": "P01",
        "name": "企业填报率",
        "area": RUNNING,
        "unit": "%",
        "period": Basis.POINT,
        "numerator": ["REP.reported"],
        "denominator": ["REG.enterprises"],
        "scale": HUNDRED,
        "source": OWN,
        "note": "本季提交过记录或做过季度确认的企业占在册企业。",
    },
    {
        "code": "P02",
        "name": "应报事项完成率",
        "area": RUNNING,
        "unit": "%",
        "period": Basis.QUARTER,
        "numerator": ["DUT.done"],
        "denominator": ["DUT.due"],
        "scale": HUNDRED,
        "source": OWN,
        "note": "分母为全部应报事项，含尚未到期的。",
    },
    {
        "code": "P03",
        "name": "应报事项按时率",
        "area": RUNNING,
        "unit": "%",
        "period": Basis.QUARTER,
        "numerator": ["DUT.on_time"],
        "denominator": ["DUT.due"],
        "scale": HUNDRED,
        "source": OWN,
        "note": "首次提交不晚于截止日的为按时；分母含尚未到期的。",
    },
)


@transaction.atomic
def load_indicators() -> int:
    """Add the indicators that are missing. What the province has revised stays. Returns how many were added."""
    have = set(Indicator.objects.values_list("code", flat=True))
    added = [
        Indicator(order=position * 10, valid_from=SINCE, **row)
        for position, row in enumerate(CATALOGUE, start=1)
        if row["code"] not in have
    ]
    for indicator in added:
        indicator.full_clean(validate_constraints=False)
    Indicator.objects.bulk_create(added)
    return len(added)
