"""Bodies in which the reform is carried on together, of a region or an enterprise, with who belongs to them and when they
met."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from foundation.access.rules import ScopedQuerySet
from foundation.textsearch.fields import FoldedField


class BodyKind(models.TextChoices):
    """Fixed, because each is counted as a figure of its own, and some have questions of their own."""

    JOINT = "joint", _("联席会议及办公室")
    OPENNESS = "openness", _("厂务公开民主管理协调联动机制")
    EXPRESS = "express", _("快递行业协调劳动关系三方委员会")
    FIVE = "five", _("“五位一体”劳动争议多元化解机制")
    ASSOCIATION = "association", _("职工文体协会")
    BOARD = "board", _("董事会、监事会职工席位")
    INNOVATION = "innovation", _("职工科技创新活动机构")
    OTHER = "other", _("其他组织")


#: Of these an enterprise has none of its own, and of those a region has none.
OF_REGIONS = (BodyKind.JOINT, BodyKind.OPENNESS, BodyKind.EXPRESS, BodyKind.FIVE)
OF_ENTERPRISES = (BodyKind.BOARD,)


class BodyLevel(models.TextChoices):
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇（街道）级")
    ENTERPRISE = "enterprise", _("企业")


#: What is asked of board seats only.
SEATS = ("board_seats", "employee_directors", "supervisory_seats", "employee_supervisors")


class BodyQuerySet(ScopedQuerySet["Body"]):
    def standing(self) -> Self:
        return self.filter(dissolved_on__isnull=True)


class Body(models.Model):
    """One body, kept by the office of its region or by its enterprise."""

    kind = models.CharField(_("种类"), max_length=12, choices=BodyKind)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(max_length=120, editable=False)
    name_key = FoldedField(max_length=120, of="name")
    place = models.ForeignKey(
        "places.Place",
        models.PROTECT,
        related_name="+",
        verbose_name=_("所属地区或企业"),
        help_text=_("本级的组织选本地区，企业自己的组织选本企业。导入时写地区全称或代码，企业写统一社会信用代码。"),
    )
    province = models.ForeignKey("places.Place", models.PROTECT, related_name="+", editable=False)
    city = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    county = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+", editable=False)
    #: Whose it is, where it is an enterprise's: the enterprise of ``place``.
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, related_name="bodies", editable=False)
    level = models.CharField(
        _("级别"), max_length=10, choices=BodyLevel, blank=True, help_text=_("不填的按所属地区或企业确定。")
    )
    founded_on = models.DateField(_("成立日期"), null=True, blank=True, help_text=_("没有掌握的留空。"))
    dissolved_on = models.DateField(
        _("撤销日期"), null=True, blank=True, help_text=_("仍在运行的留空；从这一天起不再统计。")
    )
    member_count = models.PositiveIntegerField(
        _("会员人数"), null=True, blank=True, help_text=_("单位：人。只有职工文体协会填，每年更新一次；未掌握的留空。")
    )
    board_seats = models.PositiveSmallIntegerField(
        _("董事会席位"), null=True, blank=True, help_text=_("单位：席。董事会全部席位；没有董事会的填 0。")
    )
    employee_directors = models.PositiveSmallIntegerField(
        _("职工董事"), null=True, blank=True, help_text=_("单位：人。由职代会等民主选举产生的董事；没有的填 0。")
    )
    supervisory_seats = models.PositiveSmallIntegerField(
        _("监事会席位"), null=True, blank=True, help_text=_("单位：席。监事会全部席位；没有监事会的填 0。")
    )
    employee_supervisors = models.PositiveSmallIntegerField(
        _("职工监事"), null=True, blank=True, help_text=_("单位：人。由职代会等民主选举产生的监事；没有的填 0。")
    )
    has_audit_committee = models.BooleanField(
        _("设审计委员会"), null=True, blank=True, help_text=_("在董事会中设审计委员会、不设监事会的选“是”。")
    )
    confirmed_for = models.PositiveSmallIntegerField(_("已核对年度"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("核对人"),
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("核对时间"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BodyQuerySet.as_manager()
    view_permission = "enterprises.view_bodies"

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织与会议")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name"], name="body_name"),
            models.Index(fields=["name_key"], name="body_name_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BodyKind.values), name="body_kind_known"),
            models.CheckConstraint(condition=Q(level__in=BodyLevel.values), name="body_level_known"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | ~Q(kind__in=OF_ENTERPRISES), name="body_board_has_enterprise"
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=True) | ~Q(kind__in=OF_REGIONS), name="body_of_region_has_none"
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                name="body_founded_before_dissolved",
                violation_error_message=_("撤销日期早于成立日期。请核对两个日期。"),
            ),
            models.CheckConstraint(
                condition=Q(member_count__isnull=True) | Q(kind=BodyKind.ASSOCIATION),
                name="body_members_of_association",
            ),
            models.CheckConstraint(
                condition=Q(kind=BodyKind.BOARD)
                | Q(**{f"{name}__isnull": True for name in (*SEATS, "has_audit_committee")}),
                name="body_seats_of_board",
            ),
            models.CheckConstraint(
                condition=Q(board_seats__isnull=True)
                | Q(employee_directors__isnull=True)
                | Q(employee_directors__lte=F("board_seats")),
                name="body_directors_within_board",
                violation_error_message=_("职工董事多于董事会席位。请核对两个数。"),
            ),
            models.CheckConstraint(
                condition=Q(supervisory_seats__isnull=True)
                | Q(employee_supervisors__isnull=True)
                | Q(employee_supervisors__lte=F("supervisory_seats")),
                name="body_supervisors_within_board",
                violation_error_message=_("职工监事多于监事会席位。请核对两个数。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_for__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_for__isnull=False, confirmed_at__isnull=False),
                name="body_confirmed_whole",
            ),
            models.UniqueConstraint(
                fields=["place", "kind", "name"],
                name="body_once",
                violation_error_message=_("这里已经登记过同一种类的同名组织。请在列表中查找，不要重复登记。"),
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(kind=BodyKind.BOARD, dissolved_on__isnull=True),
                name="body_one_board",
                violation_error_message=_("这家企业已经登记过董事会、监事会职工席位。请直接修改已有的那一条。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprises:body", args=[self.pk])


class BodyMember(models.Model):
    """A person in a body. Read by offices and by the body's own people only; everybody else sees how many there are."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="members")
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.CharField(_("单位"), max_length=80, blank=True)
    post = models.CharField(_("职务"), max_length=60, blank=True, help_text=_("在这个组织中的职务，如召集人、委员。"))

    class Meta:
        verbose_name = verbose_name_plural = _("组织成员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "name", "unit"],
                name="body_member_once",
                violation_error_message=_("这个单位的同名成员已经在名单中。请修改已有的那一行。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class BodyMeeting(models.Model):
    """A meeting of a body, with what was decided."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="meetings")
    held_on = models.DateField(_("会议日期"))
    topic = models.CharField(_("议题"), max_length=200)
    resolution = models.TextField(_("决议"), max_length=2000, blank=True, help_text=_("议定的事项；没有的留空。"))

    class Meta:
        verbose_name = verbose_name_plural = _("组织会议")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["held_on"], name="body_meeting_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "held_on", "topic"],
                name="body_meeting_once",
                violation_error_message=_("这一天的同一议题已经登记过。请修改已有的那一次会议。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"
