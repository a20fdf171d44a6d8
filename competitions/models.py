"""Kinds of labour and skills competitions and of workers' innovation: the fields of each."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import OrganisationKind
from records.core.fields import choice, count, day, money, quantity_of, text, yes_no
from records.models import Among, LineOf, Record, RecordLine, listed_name


class ContestRole(models.TextChoices):
    HOST = "host", _("主办")
    ORGANISER = "organiser", _("承办")
    TEAM = "team", _("组队参赛")


class ContestSort(models.TextChoices):
    LABOUR = "labour", _("劳动竞赛")
    SKILLS = "skills", _("技术比武")
    DRILL = "drill", _("岗位练兵")
    ONLINE = "online", _("网上练兵")
    SCIENCE = "science", _("科创江苏")
    STARTUP = "startup", _("创业江苏")
    METHODS = "methods", _("创新方法大赛")


class ContestLevel(models.TextChoices):
    TEAM = "team", _("班组、车间")
    ENTERPRISE = "firm", _("企业")
    COUNTY = "county", _("县（市、区）")
    CITY = "city", _("设区市")
    PROVINCE = "province", _("省")
    NATION = "nation", _("国家")
    INDUSTRY = "industry", _("行业")


class Orientation(models.TextChoices):
    """What wins: the opinion wants contests to move from the last two to the first two."""

    WISDOM = "wisdom", _("智力型")
    BENEFIT = "benefit", _("效益型")
    SPEED = "speed", _("速度型")
    STRENGTH = "strength", _("体力型")


class Support(models.TextChoices):
    BONUS = "bonus", _("奖金")
    FUNDS = "funds", _("经费")
    TIME = "time", _("时间")
    PLACE = "place", _("场地")


class Contest(Record):
    """劳动和技能竞赛: one contest, with the parts 网上练兵 and 创新创业大赛 (2022年实施意见第4条、第5条).

    ``role`` keeps a contest from being counted once by whoever holds it and again by each enterprise that sends a team:
    contests are counted where the enterprise is host or organiser, its people wherever they take part. What
    sponsors pay is asked once the province has decided so."""

    role = choice(_("本单位角色"), ContestRole, _("派人参加别人办的竞赛，选“组队参赛”。"))
    sort = choice(_("赛事类别"), ContestSort)
    level = choice(_("竞赛级别"), ContestLevel, _("按主办单位的级别选。"))
    frontline_contestants = count(
        _("其中一线职工"), _("人"), _("主办、承办的填全部参赛人员中的，组队参赛的填本企业的。")
    )
    orientation = choice(_("竞赛导向"), Orientation, _("比的主要是技术和创新、质量和效益、速度还是体力。"))
    trade = text(_("竞赛工种"), 120, _("例如：焊工、数控铣工，可填几种。"))
    association = listed_name(
        _("参与办赛的协会（商会）"), Among.ORGANISATION, sorts=(OrganisationKind.ASSOCIATION,), hint=_("没有的留空。")
    )
    sponsor = text(_("冠名赞助单位"), 120, _("单位全称，没有的留空。"))
    sponsorship = money(_("赞助金额"), _("主办、承办方收到的，物资按买价折算；没有赞助的留空。"))
    awards = count(_("获奖"), _("项"), _("本单位获得的各级奖项，没有填 0。"))
    support = choice(_("企业的主要支持"), Support, _("企业对职工参加创新创业大赛的鼓励和支持，选最主要的一项。"))
    usual_parts = (("frontline_contestants", "number_of_people"),)

    class Meta:
        verbose_name = verbose_name_plural = _("劳动和技能竞赛")


class Reserve(Record):
    """工匠大师与高技能后备人才储备: the year's return on talent that contests and training found
    (2022年实施意见第4条、第6条)."""

    has_pool = yes_no(_("已建立人才储备库"), _("有名单、有培养安排的才算建立。"))
    masters = count(_("库中工匠大师"), _("人"), _("报告期年末，同一人只计一次，没有填 0。"))
    skilled = count(_("库中高技能后备人才"), _("人"), _("报告期年末，同一人只计一次，没有填 0。"))
    found_in_contests = count(_("其中在竞赛中发现"), _("人"), _("后备人才中因竞赛成绩入库的。"))
    digital = count(_("数字工匠"), _("人"), _("报告期年末，在智能化改造、数字化转型岗位上培育的，同一人只计一次。"))
    pairs = count(_("师带徒"), _("对"), _("报告期年末签有协议的，一师一徒为一对。"))
    contestants = count(_("全年参赛职工"), _("人"), _("报告期那一年参加过各级竞赛的本企业职工，同一人只计一次。"))
    parts = (("found_in_contests", "skilled"),)
    parts_of_staff = (
        ("masters", "headcount"),
        ("skilled", "headcount"),
        ("digital", "headcount"),
        ("contestants", "headcount"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工匠大师与高技能后备人才储备")


class Suggestion(Record):
    """合理化建议: the quarter's return on what workers proposed (2022年实施意见第5条).

    Counts only; what came of them, benefit and rewards, is told once a year (``Innovation``). What is adopted in a quarter
    may have been raised in an earlier one, so neither number is a part of the other."""

    raised = count(_("提出合理化建议"), _("条"), _("本季职工提出并登记的，没有填 0。"))
    frontline_raised = count(_("其中一线职工提出"), _("条"))
    adopted = count(_("采纳"), _("条"), _("本季决定采纳的，含以前季度提出的，没有填 0。"))
    carried_out = count(_("实施"), _("条"), _("本季已经实施的，含以前季度采纳的。"))
    parts = (("frontline_raised", "raised"),)

    class Meta:
        verbose_name = verbose_name_plural = _("合理化建议")


class Innovation(Record):
    """职工创新年度情况: the year's return on what workers' innovation brought and how it is rewarded
    (2022年实施意见第5条).

    How benefit is to be measured is not settled (待核定): the figure may stay empty. It contains what the studios brought
    (``StudioUpgrade`` of the ideology room), so the two are never added."""

    integrated = yes_no(
        _("职工创新活动已融入研发体系"), _("职工创新项目进入企业研发立项、经费或者管理制度的，选“是”。")
    )
    assessed = yes_no(_("职工创新已纳入绩效评价指标"), _("企业绩效考核办法里有职工创新指标的，选“是”。"))
    results = count(
        _("“五小”等创新成果"),
        _("项"),
        _("报告期那一年的小发明、小改造、小革新、小设计、小建议等成果，没有填 0。"),
    )
    benefit = money(_("创新成果经济效益"), _("报告期那一年，含创新工作室的。口径待核定，没有测算的可以不填。"))
    rewards = money(_("创新奖励支出"), _("报告期那一年发给职工的创新奖励。"))
    rewarded = count(_("受奖职工"), _("人"), _("报告期那一年，同一人只计一次。"))
    parts_of_staff = (("rewarded", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职工创新年度情况")


class Patent(Record):
    """职工专利与知识产权: the year's return on patents that workers of the enterprise invented
    (2022年实施意见第5条、第7条). Inventors are told apart as front-line or not; no names are taken."""

    invention = count(_("发明专利授权"), _("件"), _("报告期那一年授权、本企业职工为发明人的，没有填 0。"))
    utility = count(_("实用新型授权"), _("件"), _("报告期那一年授权的。"))
    design = count(_("外观设计授权"), _("件"), _("报告期那一年授权的。"))
    frontline_first = count(_("其中一线职工为第一完成人"), _("件"), _("三类合计中的。"))
    for_titles = count(_("用于支撑职称评审"), _("件"), _("报告期那一年职工评职称用到的专利等知识产权，不限当年授权。"))
    for_platforms = count(
        _("用于研发平台申报或评估"),
        _("件"),
        _("报告期那一年申报、评估企业技术中心、工程研究中心、工程技术研究中心时用到的，没有申报的不填。"),
    )
    grants: "tuple[Grant, ...]"

    class Meta:
        verbose_name = verbose_name_plural = _("职工专利与知识产权")

    def clean(self) -> None:
        super().clean()
        granted = (self.invention, self.utility, self.design)
        if self.frontline_first is None or None in granted:
            return
        if self.frontline_first > (total := sum(number or 0 for number in granted)):
            message = _("“其中一线职工为第一完成人”（%(some)s）超过了三类专利授权的合计（%(all)s）。请核对。")
            amounts = {"some": self.frontline_first, "all": total}
            said = {key: quantity_of(self, "frontline_first", amount) for key, amount in amounts.items()}
            raise ValidationError({"frontline_first": message % said})


class ProjectStep(models.TextChoices):
    BEGUN = "begun", _("立项（发榜）")
    FINISHED = "finished", _("完成")


class ProjectScheme(models.TextChoices):
    OPEN_CALL = "open_call", _("揭榜挂帅")
    RACE = "race", _("赛马")
    LEADER = "leader", _("领军人负责制")


class OpenProject(Record):
    """揭榜挂帅、赛马、领军人项目: one step of a project that whoever can may take on (2022年实施意见第5条).

    Beginning and end are two records, because what was approved is not edited: each counts in the quarter it happened in.
    The second bears the name of the first. Who leads a project is not taken down."""

    step = choice(_("事项"), ProjectStep, _("立项、完成各填一条，项目名称写成一样。"))
    scheme = choice(_("制度"), ProjectScheme)
    workers = count(_("参与产业工人"), _("人"), _("立项时确定参加的，同一人只计一次。"))
    frontline_workers = count(_("其中一线职工"), _("人"))
    investment = money(_("项目投入"), _("立项时确定的预算，没有的可以不填。"))
    benefit = money(_("经济效益"), _("完成后测算的年效益。口径待核定，没有测算的可以不填。"))
    usual_parts = (("frontline_workers", "workers"),)

    class Meta:
        verbose_name = verbose_name_plural = _("揭榜挂帅、赛马、领军人项目")


class PatentSort(models.TextChoices):
    INVENTION = "invention", _("发明专利")
    UTILITY = "utility", _("实用新型")
    DESIGN = "design", _("外观设计")


class Grant(RecordLine):
    """授权明细: one patent, for whoever wants to tell them one by one. No inventor is named."""

    record = LineOf(Patent, related_name="grants")
    name = text(_("专利名称"), 120)
    number = text(_("专利号"), 30)
    sort = choice(_("类型"), PatentSort)
    granted_on = day(_("授权日期"))
    by_frontline = yes_no(_("一线职工为第一完成人"))

    class Meta(RecordLine.Meta):
        verbose_name = verbose_name_plural = _("授权明细")
