"""Loading what the kinds of workers' skills need before anyone can file: the purposes of training funds."""

from foundation.crud.choice_lists import load_choices
from foundation.loading import Loaded
from skills.models import SpendingPurpose

#: The eleven purposes of 财建〔2006〕317号. The first three were quoted, the others are known by hearsay: 待核定.
PURPOSES = (
    ("post", "上岗和转岗培训"),
    ("fitness", "各类岗位适应性培训"),
    ("grades", "岗位培训、职业技术等级培训、高技能人才培训"),
    ("technicians", "专业技术人员继续教育"),
    ("special-work", "特种作业人员培训"),
    ("outside", "企业组织的职工外送培训的经费支出"),
    ("assessment", "职工参加的职业技能鉴定、职业资格认证"),
    ("equipment", "购置教学设备与设施"),
    ("self-study", "职工岗位自学成才奖励费用"),
    ("management", "职工教育培训管理费用"),
    ("other", "有关职工教育的其他开支"),
)


def load_purposes() -> Loaded:
    return load_choices(SpendingPurpose, PURPOSES)
