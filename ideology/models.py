"""Kinds of ideological guidance: the fields of each."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models.body import BodyKind
from foundation.access.rules import ScopedQuerySet
from foundation.saying import filled
from foundation.textsearch.indexes import TextIndex
from records.core.fields import choice, count, link, long_text, money, text, yes_no
from records.models import Among, Record, listed_name, people_of


class LectureForm(models.TextChoices):
    ON_SITE = "on_site", _("现场讲授")
    WORKSHOP = "workshop", _("车间班组宣讲")
    ONLINE = "online", _("线上直播")
    MIXED = "mixed", _("线上线下结合")


class SpeakerKind(models.TextChoices):
    MODEL_WORKER = "model_worker", _("劳模工匠")
    COLLEAGUE = "colleague", _("身边职工")
    PARTY_CADRE = "party_cadre", _("党务工作者")
    TEACHER = "teacher", _("思政教师")
    EXPERT = "expert", _("专家学者")
    OTHER = "other", _("其他")


class Lecture(Record):
    """职工大讲堂: one session held for workers."""

    speaker = models.CharField(_("主讲人"), max_length=60, blank=True)
    speaker_kind = models.CharField(_("主讲人身份"), max_length=12, choices=SpeakerKind, blank=True)
    form = models.CharField(_("举办形式"), max_length=10, choices=LectureForm, blank=True)
    venue = models.CharField(_("地点"), max_length=120, blank=True)
    frontline_attendances = models.PositiveIntegerField(
        _("其中一线职工人次"), null=True, blank=True, help_text=_("单位：人次。一般不超过参加人次。")
    )
    summary = models.TextField(
        _("内容摘要"), max_length=1000, blank=True, help_text=_("讲了什么、效果如何，几句话即可。")
    )
    usual_parts = (("frontline_attendances", "attendances"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职工大讲堂")


LECTURERS = people_of(
    "ideology.Lecture", TextIndex("lecture_speaker_text", "ideology_lecture", ("speaker",), key="record_ptr_id")
)


class PartyDevelopment(Record):
    """发展党员情况: the quarter's return on party members among workers."""

    new_members = models.PositiveIntegerField(
        _("本季新发展党员"),
        null=True,
        blank=True,
        help_text=_("单位：人。没有发展填 0；还没有统计的先空着，提交前补上。"),
    )
    new_frontline_members = models.PositiveIntegerField(
        _("其中一线职工"), null=True, blank=True, help_text=_("单位：人。一般不超过本季新发展党员。")
    )
    total_members = models.PositiveIntegerField(
        _("季末党员总数"), null=True, blank=True, help_text=_("单位：人。季末时点数。")
    )
    teams_without_members = models.PositiveIntegerField(
        _("党员空白班组数"), null=True, blank=True, help_text=_("单位：个。国有企业填报，季末时点数。")
    )
    clearing_plan = models.TextField(_("消除空白班组的计划"), max_length=1000, blank=True)
    clearing_due = models.DateField(_("计划消除日期"), null=True, blank=True)
    usual_parts = (("new_frontline_members", "new_members"),)
    parts_of_staff = (("total_members", "headcount"), ("new_frontline_members", "frontline_count"))

    class Meta:
        verbose_name = verbose_name_plural = _("发展党员情况")
        constraints = [
            models.CheckConstraint(
                condition=Q(new_members__isnull=True)
                | Q(total_members__isnull=True)
                | Q(new_members__lte=F("total_members")),
                name="party_new_within_total",
                violation_error_message=_("本季新发展党员不能超过季末党员总数。"),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.new_members is not None and self.total_members is not None and self.new_members > self.total_members:
            message = _("季末党员总数（%(all)d 人）少于本季新发展党员（%(new)d 人）。总数应包含新发展的党员，请核对。")
            raise ValidationError(
                {"total_members": filled(message, {"all": self.total_members, "new": self.new_members})}
            )


class Theme(models.TextChoices):
    LABOUR = "labour", _("劳动创造幸福")
    THEORY = "theory", _("党的创新理论")
    SPIRIT = "spirit", _("劳模精神、劳动精神、工匠精神")
    OTHER = "other", _("其他主题")


class Reach(models.TextChoices):
    TEAM = "team", _("车间班组")
    ENTERPRISE = "firm", _("全企业")
    ONLINE = "online", _("线上")


class Campaign(Record):
    """主题宣传教育活动: one activity of education in ideals and the worth of work."""

    theme = choice(_("主题"), Theme)
    reach = choice(_("开展范围"), Reach)
    frontline_attendances = count(_("其中一线职工人次"), _("人次"))
    summary = long_text(_("活动内容"), _("怎样开展的、效果如何，几句话即可。"))
    usual_parts = (("frontline_attendances", "attendances"),)

    class Meta:
        verbose_name = verbose_name_plural = _("主题宣传教育活动")


class Direction(models.TextChoices):
    TO_SCHOOL = "to_school", _("劳模工匠进校园")
    TO_ENTERPRISE = "to_firm", _("思政教师进企业")


class SchoolExchange(Record):
    """劳模工匠进校园、思政教师进企业: one visit, in either direction."""

    direction = choice(_("方向"), Direction)
    school = text(_("学校"), 120, _("写全称。进校园的是所到学校，进企业的是教师所在学校。"))
    guests = text(_("劳模工匠或思政教师"), 120, _("姓名，可填几人。"))
    summary = long_text(_("内容摘要"))

    class Meta:
        verbose_name = verbose_name_plural = _("劳模工匠进校园、思政教师进企业")


class WorkForm(models.TextChoices):
    VIDEO = "video", _("微视频")
    STORY = "story", _("微故事")
    LESSON = "lesson", _("微党课")


class MicroWork(Record):
    """微作品: a short film, story or party lesson made for workers."""

    form = choice(_("形式"), WorkForm)
    authors = text(_("主创人员"), 120, _("姓名，可填几人。"))
    link = link(_("网址"), _("已经发布在网上的填网址；没有发布的上传文件，二者至少有一样。"))
    summary = long_text(_("作品简介"))

    class Meta:
        verbose_name = verbose_name_plural = _("微作品")


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    FAIR = "fair", _("一般")
    POOR = "poor", _("较差")
    PENDING = "pending", _("尚未评定")


class PartyAssessment(Record):
    """党建工作纳入企业年度考核: the year's return on whether party work counts in the enterprise's own assessment."""

    included = yes_no(_("党建工作已纳入企业年度考核"))
    weight = models.PositiveSmallIntegerField(
        _("所占分值比重"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("单位：%。百分制折算。"),
    )
    basis = text(_("考核办法"), 200, _("文件名称或文号。"))
    grade = choice(_("考核结果"), Grade)

    class Meta:
        verbose_name = verbose_name_plural = _("党建工作纳入年度考核")


class PartyUnionBuilding(Record):
    """非公企业党建带工建“三创争两提升”: the year's return of an enterprise that is not state-owned."""

    takes_part = yes_no(_("开展“三创争两提升”活动"))
    guided_by = text(_("带建的党组织"), 120, _("例如：某某街道党工委、某某公司党支部。"))
    activities = count(_("全年开展活动"), _("次"), _("报告期那一年全年。"))
    new_union_members = count(_("全年新发展工会会员"), _("人"), _("报告期那一年全年。"))
    summary = long_text(_("主要做法和成效"))
    parts_of_staff = (("new_union_members", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("党建带工建“三创争两提升”")


class StudioUpgrade(Record):
    """劳模创新工作室“双创双提升”: the year's return on the enterprise's studios and what they brought."""

    studios = count(_("劳模创新工作室"), _("个"), _("各级命名的都算，没有填 0。"))
    members = count(_("工作室成员"), _("人"))
    frontline_members = count(_("其中一线职工"), _("人"))
    apprentices = count(_("结对带徒"), _("人"))
    results = count(_("全年创新成果"), _("项"), _("报告期那一年全年。"))
    benefit = money(_("全年创造经济效益"), _("报告期那一年全年，没有测算的留空。"))
    usual_parts = (("frontline_members", "members"),)
    parts_of_staff = (("members", "headcount"), ("frontline_members", "frontline_count"))

    class Meta:
        verbose_name = verbose_name_plural = _("劳模创新工作室“双创双提升”")


class GroupPost(Record):
    """群团组织兼挂职: the quarter's return on workers who hold posts in mass organisations, until it was retired: nobody acts
    on such a number every quarter, and ``Delegates`` asks for it once a year."""

    holders = count(_("季末兼挂职的产业工人"), _("人"), _("同一人只计一次，没有填 0。"))
    part_time = count(_("其中兼职"), _("人"))
    seconded = count(_("其中挂职"), _("人"))
    in_unions = count(_("其中在工会组织"), _("人"))
    organisations = text(_("所在群团组织"), 200, _("例如：市总工会、团区委、县妇联。"))
    parts = (("part_time", "holders"), ("seconded", "holders"), ("in_unions", "holders"))
    parts_of_staff = (("holders", "headcount"),)

    class Meta:
        verbose_name = verbose_name_plural = _("产业工人在群团组织兼挂职")


class Delegates(Record):
    """党代会、职代会代表构成: the year's return on who sits in the enterprise's two congresses."""

    congress_delegates = count(_("职代会代表"), _("人"), _("没有建立职代会填 0。"))
    congress_workers = count(_("职代会代表中产业工人"), _("人"))
    congress_frontline = count(_("职代会代表中一线职工"), _("人"))
    party_delegates = count(_("党代会代表"), _("人"), _("不召开党代会的留空。"))
    party_workers = count(_("党代会代表中产业工人"), _("人"))
    posts = count(
        _("在群团组织兼挂职的产业工人"), _("人"), _("工会、共青团、妇联等，截至填报日；同一人只计一次，没有填 0。")
    )
    seconded_posts = count(_("其中挂职"), _("人"))
    union_posts = count(_("其中在工会组织"), _("人"))
    serving = count(_("现任“三代表三委员”的产业工人"), _("人"), _("各级合计，同一人只计一次。"))
    parts = (
        ("congress_workers", "congress_delegates"),
        ("party_workers", "party_delegates"),
        ("seconded_posts", "posts"),
        ("union_posts", "posts"),
    )
    usual_parts = (("congress_frontline", "congress_delegates"),)
    parts_of_staff = (
        ("congress_delegates", "headcount"),
        ("congress_frontline", "frontline_count"),
        ("party_delegates", "headcount"),
        ("posts", "headcount"),
        ("serving", "headcount"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("党代会、职代会代表构成")


class RepresentativeCategory(models.Model):
    """One of the 三代表三委员. The plan names the phrase and does not list its members: the province settles the list."""

    code = models.SlugField(
        _("编码"),
        max_length=20,
        primary_key=True,
        help_text=_("英文小写字母和连字符，定了不再改。"),
        error_messages={
            "unique": _("这个编码已经用过。请换一个编码，或修改已有的那一类。"),
            "invalid": _("编码只能用英文字母、数字、连字符。请改写，例如 party-congress。"),
        },
    )
    name = models.CharField(
        _("名称"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("已经有这个名称的类别。请直接修改已有的那一类。")},
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_settled = models.BooleanField(
        _("已核定"), default=False, help_text=_("名称尚待省里核定的不勾选，页面上标“待核定”。")
    )
    is_active = models.BooleanField(_("可以选用"), default=True, help_text=_("停用后不能再选，已填的记录不受影响。"))

    objects = ScopedQuerySet.as_manager()
    view_permission = "ideology.categories"

    class Meta:
        verbose_name = verbose_name_plural = _("三代表三委员类别")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ideology:category", args=[self.code])


class RepresentativeStep(models.TextChoices):
    SELECTION = "selection", _("推荐选拔")
    POLITICS = "politics", _("政治建设培训")
    DUTIES = "duties", _("履职能力培训")


class RepresentativeActivity(Record):
    """三代表三委员推荐选拔与培训: workers were put forward and chosen, or those who serve were trained."""

    step = choice(_("事项"), RepresentativeStep)
    category = models.ForeignKey(
        RepresentativeCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True},
        verbose_name=_("类别"),
    )
    put_forward = count(_("推荐产业工人"), _("人"), _("推荐选拔时填。"))
    chosen = count(_("当选（任）产业工人"), _("人"), _("推荐选拔时填，没有填 0。"))
    organiser = text(_("组织单位"), 120)
    parts = (("chosen", "put_forward"),)

    class Meta:
        verbose_name = verbose_name_plural = _("三代表三委员推荐选拔与培训")


class CultureSort(models.TextChoices):
    SPORT = "sport", _("职工体育")
    READING = "reading", _("职工读书")
    ARTS = "arts", _("职工文艺")
    QUIZ = "quiz", _("知识竞赛")


class CultureEvent(Record):
    """职工文体活动: one event of sport, reading, arts, or a quiz."""

    sort = choice(_("类别"), CultureSort)
    organised_by = listed_name(
        _("组织者"),
        Among.BODY,
        sorts=(BodyKind.ASSOCIATION,),
        hint=_("例如：企业工会、职工篮球协会。"),
        is_asked=False,
    )
    frontline_attendances = count(_("其中一线职工人次"), _("人次"))
    summary = long_text(_("活动内容"))
    usual_parts = (("frontline_attendances", "attendances"),)

    class Meta:
        verbose_name = verbose_name_plural = _("职工文体活动")


class ArtSort(models.TextChoices):
    WRITING = "writing", _("文学")
    PAINTING = "painting", _("书法美术")
    PHOTO = "photo", _("摄影")
    MUSIC = "music", _("音乐舞蹈")
    STAGE = "stage", _("戏剧曲艺")
    FILM = "film", _("影视")


class ArtStep(models.TextChoices):
    VISIT = "visit", _("文艺工作者进企业采风")
    WORKS = "works", _("主题创作")


class ArtCreation(Record):
    """文艺采风与主题创作: artists came to the enterprise, or works about its workers were made."""

    step = choice(_("事项"), ArtStep)
    sort = choice(_("门类"), ArtSort)
    artists = text(_("文艺工作者或创作者"), 200, _("姓名或单位。"))
    works = count(_("创作作品"), _("件"), _("还没有作品填 0。"))
    link = link(_("作品网址"), _("已经发布的填，没有的留空。"))
    summary = long_text(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("文艺采风与主题创作")


class LiteracySubject(models.TextChoices):
    LAW = "law", _("法律素养")
    SAFETY = "safety", _("安全素养")
    HEALTH = "health", _("职业健康")
    INTEGRITY = "integrity", _("诚信意识")
    VOICE = "voice", _("依法理性表达诉求")


class LiteracyChannel(models.TextChoices):
    ON_SITE = "on_site", _("现场")
    ONLINE_CLASS = "online_class", _("网上安康课堂")
    CAMPAIGN = "campaign", _("全省百万职工普及教育")
    NEW_MEDIA = "new_media", _("新媒体")


class LiteracyEducation(Record):
    """法律、安全、诚信素养教育: one lesson or activity.

    2022年实施意见第3条 (法律、安全、诚信素养，依法理性表达诉求) and 第10条 (“网上安康课堂”，全省百万职工劳动安全卫生知识普及教育)."""

    subject = choice(_("内容"), LiteracySubject, _("内容有几样的，选主要的一样。"))
    channel = choice(_("渠道"), LiteracyChannel, _("职工通过哪里参加的；几种都有的选人次最多的一种。"))
    teacher = text(_("主讲人或单位"), 120)
    frontline_attendances = count(_("其中一线职工人次"), _("人次"))
    summary = long_text(_("主要内容"))
    usual_parts = (("frontline_attendances", "attendances"),)

    class Meta:
        verbose_name = verbose_name_plural = _("法律、安全、诚信素养教育")


class VoiceGuidance(Record):
    """依法理性表达诉求的引导: the quarter's return on how concerns of workers were heard and settled, until it was retired:
    ``LiteracyEducation`` has the activities, and concerns are counted with the mailboxes of workers' rights.

    Counts only: what a worker complained of stays with the enterprise."""

    sessions = count(_("本季引导活动"), _("场"), _("恳谈会、接待日、普法宣传等，没有填 0。"))
    concerns = count(_("本季收到诉求"), _("件"), _("没有填 0。"))
    settled = count(_("其中已经办结"), _("件"), _("本季收到的诉求中已经办结的。"))
    measures = long_text(_("主要做法"))
    parts = (("settled", "concerns"),)

    class Meta:
        verbose_name = verbose_name_plural = _("依法理性表达诉求的引导")
