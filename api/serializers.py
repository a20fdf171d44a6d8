"""What the API answers, as declared shapes. Writing goes through the pages' forms and the actions, never these."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enterprises.models import Enterprise, Industry, Ownership, PilotTier, Size
from foundation.access.rules import verdict
from foundation.fields import field_of
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.jobs.progress import live_state
from foundation.places.models import Place
from indicators.compliance.declaring import rule_by_code
from indicators.models import ComplianceResult
from indicators.queries import Compared, Comparison, Figure, IndicatorValue, Lack
from records.core.kinds import kind_by_slug, kind_of
from records.core.lines import stored_rows
from records.core.queries import comments_on
from records.core.several import SeveralChoices, codes_of
from records.core.values import stored
from records.core.workflow import MOVES, moves_from
from records.models import Attachment, Record, Status
from reporting.crosstable.content import Cell, Column, Line
from reporting.models import Report
from reporting.models import Status as ReportStatus
from reporting.quality.models import Finding
from reporting.quality.sentences import sentence, what


class FieldProblemSerializer(serializers.Serializer[dict[str, Any]]):
    field = serializers.CharField(help_text="字段名；空串表示整个请求")
    label = serializers.CharField(help_text="字段的中文名称")  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    reason = serializers.CharField(help_text="为什么不行（与页面上的提示一字不差）")
    cure = serializers.CharField(help_text="怎样改")
    key = serializers.CharField(required=False, help_text="需要核对的，再提交时写在 confirmed 中")


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    errors = FieldProblemSerializer(many=True)  # type: ignore[assignment]  # a member of the answer, not the serializer's own


class ConflictSerializer(ProblemSerializer):
    """Somebody changed the record meanwhile: both versions are shown. Or it looks unusual: each question in ``errors``
    has the key that confirms it."""

    needs_reason = serializers.BooleanField(required=False, help_text="核对时是否还要写明原因")
    similar_records = serializers.ListField(child=serializers.IntegerField(), required=False)

    current_version = serializers.IntegerField(required=False)
    current = serializers.DictField(required=False, help_text="记录现在的内容，与详情的形式相同")
    differences = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="您提交的与现有内容的不同"
    )


# --- kinds --------------------------------------------------------------------------------------


class FactSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    unit = serializers.CharField()
    nature = serializers.CharField(help_text="flow 时期数、stock 时点数、headcount 人数")


class KindSerializer(serializers.Serializer[dict[str, Any]]):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    rhythm = serializers.CharField(help_text="event 随时、quarterly 每季度、annual 每年")
    area = serializers.CharField()
    purpose = serializers.CharField()
    clauses = serializers.ListField(child=serializers.CharField(), help_text="对应的政策条款")
    required = serializers.ListField(child=serializers.CharField(), help_text="提交审核时必填的字段；草稿可以空缺")  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    review_levels = serializers.ListField(child=serializers.CharField())
    retired_on = serializers.DateField(allow_null=True, help_text="从这一天起不再填报；已报的记录照常可读")
    schema = serializers.DictField(help_text="字段的 JSON Schema")
    facts = FactSerializer(many=True)


# --- enterprises --------------------------------------------------------------------------------


class EnterpriseRefSerializer(serializers.Serializer[Enterprise]):
    code = serializers.CharField(source="credit_code")
    name = serializers.CharField()


class IndustrySerializer(serializers.Serializer[Industry]):
    code = serializers.CharField()
    name = serializers.CharField()


class EnterpriseSerializer(serializers.ModelSerializer[Enterprise]):
    id = serializers.IntegerField(source="pk")
    code = serializers.CharField(source="credit_code")
    province = serializers.CharField(source="province.code")
    city = serializers.CharField(source="city.code")
    county = serializers.CharField(source="county.code")
    industry = IndustrySerializer()
    ownership = serializers.ChoiceField(choices=Ownership.choices)
    ownership_label = serializers.CharField(source="get_ownership_display")
    size = serializers.ChoiceField(choices=Size.choices)
    size_label = serializers.CharField(source="get_size_display")
    pilot_tier = serializers.ChoiceField(choices=PilotTier.choices)
    pilot_tier_label = serializers.CharField(source="get_pilot_tier_display")

    class Meta:
        model = Enterprise
        fields = (
            "id",
            "code",
            "name",
            "province",
            "city",
            "county",
            "industry",
            "ownership",
            "ownership_label",
            "size",
            "size_label",
            "pilot_tier",
            "pilot_tier_label",
            "headcount",
            "frontline_count",
            "has_union",
            "has_party_organisation",
            "instructor",
            "liaison",
            "observer",
            "is_active",
            "version",
        )
        read_only_fields = fields


# --- records ------------------------------------------------------------------------------------


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "sha256", "uploaded_at", "url")
        read_only_fields = fields

    def get_url(self, attachment: Attachment) -> str:
        return reverse("api:record-attachment", args=[attachment.record_id, attachment.pk])


class MoveSerializer(serializers.Serializer[dict[str, Any]]):
    action = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    needs_reason = serializers.BooleanField()
    url = serializers.CharField()


class RecordRowSerializer(serializers.ModelSerializer[Record]):
    """A record as lists show it: the base, whatever its kind."""

    kind_label = serializers.SerializerMethodField()
    enterprise = EnterpriseRefSerializer(allow_null=True, help_text="本级填报的记录没有企业")
    office = serializers.CharField(source="office.code", default=None, allow_null=True, help_text="本级填报的产改办")
    province = serializers.CharField(source="province.code")
    city = serializers.CharField(source="city.code")
    county = serializers.CharField(source="county.code")
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    reason = serializers.CharField(help_text="审核意见")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Record
        fields: tuple[str, ...] = (
            "id",
            "reference",
            "kind",
            "kind_label",
            "title",
            "enterprise",
            "office",
            "province",
            "city",
            "county",
            "quarter",
            "period",
            "status",
            "status_label",
            "reason",
            "version",
            "is_late_entry",
            "filed_on_behalf",
            "happened_on",
            "number_of_people",
            "attendances",
            "created_at",
            "updated_at",
            "first_submitted_at",
            "submitted_at",
            "decided_at",
            "url",
        )
        read_only_fields = fields

    def get_kind_label(self, record: Record) -> str:
        return kind_by_slug(record.kind).label

    def get_url(self, record: Record) -> str:
        return reverse("api:record", args=[record.pk])


class RecordSerializer(RecordRowSerializer):
    """A record whole. Besides these members it carries the kind's own fields under their names, as they are written."""

    attachments = AttachmentSerializer(many=True)
    comments = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta(RecordRowSerializer.Meta):
        fields: tuple[str, ...] = (*RecordRowSerializer.Meta.fields, "attachments", "comments", "actions")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_comments(self, record: Record) -> dict[str, str]:
        """What the office remarked on single fields, until the record is handed in again."""
        return comments_on(record)

    @extend_schema_field(MoveSerializer(many=True))
    def get_actions(self, record: Record) -> list[dict[str, Any]]:
        """What the person asking may do with the record now."""
        user = self.context["request"].user
        return [
            {
                "action": move.action,
                "label": str(move.label),
                "needs_reason": move.needs_reason,
                "url": reverse("api:record-act", args=[record.pk, move.action]),
            }
            for move in moves_from(record)
            if verdict(user, move.permission, record)
        ]

    def to_representation(self, record: Record) -> dict[str, Any]:
        shown = super().to_representation(record)
        kind = kind_of(record)
        lines = {
            lines.name: [{name: _as_json(value) for name, value in row.items()} for row in stored_rows(record, lines)]
            for lines in kind.lines
        }
        return {**shown, **{name: _field_as_json(record, name) for name in kind.fields}, **lines}


def _field_as_json(record: Record, name: str) -> Any:
    value = stored(record, name)
    return codes_of(value) if isinstance(field_of(record, name), SeveralChoices) else _as_json(value)


def _as_json(value: Any) -> Any:
    """Amounts of two decimals are numbers in JSON, as the kind's schema says."""
    return float(value) if isinstance(value, Decimal) else value


ACTIONS = tuple(MOVES)


# --- long work ----------------------------------------------------------------------------------


class JobSerializer(serializers.ModelSerializer[Job]):
    status = serializers.ChoiceField(choices=JobStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    title = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "status",
            "status_label",
            "progress",
            "message",
            "error",
            "result",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
            "url",
        )
        read_only_fields = fields

    def get_title(self, job: Job) -> str:
        return job.title_for(self.context["request"].user)

    def get_progress(self, job: Job) -> int:
        return live_state(job).percent

    def get_message(self, job: Job) -> str:
        return live_state(job).message

    def get_result(self, job: Job) -> dict[str, Any]:
        """Only for those who may open it: an administrator sees that jobs run, not what comes out of them."""
        return job.result if verdict(self.context["request"].user, "jobs.result", job) else {}

    def get_url(self, job: Job) -> str:
        return reverse("api:job", args=[job.pk])


class JobProgressSerializer(serializers.ModelSerializer[Job]):
    """How far a build is, for everybody who may see what is being built."""

    status = serializers.ChoiceField(choices=JobStatus.choices)
    progress = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = ("id", "status", "progress", "message", "error")
        read_only_fields = fields

    def get_progress(self, job: Job) -> int:
        return live_state(job).percent

    def get_message(self, job: Job) -> str:
        return live_state(job).message


# --- figures and reports ------------------------------------------------------------------------


class RegionSerializer(serializers.Serializer[Place]):
    code = serializers.CharField()
    name = serializers.CharField(source="full_name")


class NumberField(serializers.DecimalField):
    """A counted number as JSON: whole where it is whole, ``null`` where nothing was reported."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=None, allow_null=True, **kwargs)

    def to_representation(self, value: Decimal | int) -> int | float:  # type: ignore[override]  # a JSON number, no text
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


class ComparisonSerializer(serializers.Serializer[Comparison]):
    value = NumberField(help_text="本期的数；与 before 按同样的企业合计")
    before = NumberField(help_text="对比期的数")
    change = NumberField(help_text="增减")
    growth = NumberField(help_text="增减百分比；null 表示没有变化，或对比期的数不足 10、可比企业不足 5 家，只看增减")
    enterprises = serializers.IntegerField(allow_null=True, help_text="两个时期都填报的企业数；null 表示按全部企业")


def _comparison(found: Comparison | None) -> dict[str, Any] | None:
    return None if found is None else dict(ComparisonSerializer(found).data)


class FigureSerializer(serializers.Serializer[Figure]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer, not the serializer's own
    unit = serializers.CharField()
    nature = serializers.CharField()
    value = NumberField(help_text="本季度的数；null 表示未填报")
    year_to_date = NumberField(help_text="本年累计；只有时期数才有")
    reporting = serializers.IntegerField(help_text="报了这个数的企业数；几个季度相加的，是最后一个季度的")
    over_quarter = serializers.SerializerMethodField(help_text="与上季度相比（环比）；null 表示不比")
    over_year = serializers.SerializerMethodField(
        help_text="与上年同期相比（同比），全年的数据与上年度相比；null 表示不比，原因见 no_year"
    )
    to_date_over_year = serializers.SerializerMethodField(
        help_text="活动类数据的本年累计与上年同期累计相比；null 表示不比，或某个季度没有数据"
    )
    no_year = serializers.SerializerMethodField(
        help_text="本期有数而没有同比的原因：no_data 上年同期没有数据、nobody_twice 没有两年都填报的企业；空串表示有同比或不作同比"
    )

    @property
    def _compared(self) -> Compared:
        found: Compared = self.context["compared"]
        return found

    @extend_schema_field(ComparisonSerializer(allow_null=True))
    def get_over_quarter(self, figure: Figure) -> Any:
        return _comparison(self._compared.quarter.get(figure.code))

    @extend_schema_field(ComparisonSerializer(allow_null=True))
    def get_over_year(self, figure: Figure) -> Any:
        return _comparison(self._compared.year.get(figure.code))

    @extend_schema_field(ComparisonSerializer(allow_null=True))
    def get_to_date_over_year(self, figure: Figure) -> Any:
        return _comparison(self._compared.to_date.get(figure.code))

    @extend_schema_field(serializers.ChoiceField(choices=["", *Lack]))
    def get_no_year(self, figure: Figure) -> str:
        return str(self._compared.lacks.get(figure.code, ""))


class IndicatorValueSerializer(serializers.Serializer[IndicatorValue]):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    value = NumberField(help_text="null 表示未填报或分母为零")
    numerator = NumberField()
    denominator = NumberField()
    direction = serializers.CharField(help_text="up 越高越好、down 越低越好、none 不分高低")
    target = NumberField(help_text="本地区的年度目标；没有的为指标要求值，也没有的为 null")
    target_year = serializers.IntegerField(
        source="mark.way.year",
        default=None,
        allow_null=True,
        help_text="目标的年度；null 表示没有目标，或是不分年度的要求值",
    )
    due = NumberField(source="mark.due", default=None, help_text="本季度末应达到的数；null 表示没有目标或不知道起点")
    light = serializers.CharField(
        source="mark.light",
        help_text="met 达到进度、behind 落后进度、far 明显落后、silent 未填报、early 尚未到期、no_start 缺少起点、unlike 不可比、none 无目标",
    )
    light_label = serializers.CharField(source="mark.label")
    version = serializers.IntegerField(help_text="按第几版口径计算")
    reporting = serializers.IntegerField(allow_null=True, help_text="已报的单位数；null 表示不由单位填报，或按活动计数")
    asked = serializers.IntegerField(allow_null=True, help_text="应报的企业数；null 表示只问部分单位")
    coverage = serializers.CharField(help_text="多少家已报，一句话；分子、分母的填报单位不一致时写明")


class FigureSheetSerializer(serializers.Serializer[dict[str, Any]]):
    region = RegionSerializer()
    quarter = serializers.CharField()
    data_as_of = serializers.DateTimeField(allow_null=True, help_text="数据截至；null 表示还没有汇总过")
    figures = FigureSerializer(many=True)
    indicators = IndicatorValueSerializer(many=True)


class TableColumnSerializer(serializers.Serializer[Column]):
    column = serializers.CharField(source="sort", help_text="排序和各格引用的名称")
    heading = serializers.CharField()
    member = serializers.CharField(source="member.code", help_text="列的代码；合计是 total，没有列时为空")
    value = serializers.CharField(source="measure.code", default="", help_text="数据项或指标；行是数据项时为空")


class TableCellSerializer(serializers.Serializer[Cell]):
    value = NumberField(help_text="显示的数；null 表示未填报、不可比或不显示，原因见 text")
    plain = NumberField(help_text="由它得来的合计；人数太少不显示时为 null")
    reporting = serializers.IntegerField(help_text="报了这个数的企业数；几个季度相加的，是最后一个季度的")
    registered = serializers.IntegerField(allow_null=True, help_text="在册企业数；按企业列出时为 null")
    text = serializers.CharField(help_text="页面上的写法")
    detail = serializers.CharField(help_text="多少家已报，或与什么相比")
    mark = serializers.CharField(source="word", help_text="最高、最低、升、降等标记")


class TableLineSerializer(serializers.Serializer[Line]):
    code = serializers.CharField(source="member.code")
    label = serializers.CharField(source="member.label")  # type: ignore[assignment]  # a member of the answer
    group = serializers.CharField(help_text="行是数据项时的领域")
    signs = serializers.ListField(child=serializers.CharField(), help_text="整行的标记，例如连降两季")
    cells = TableCellSerializer(many=True, help_text="次序同 columns")


class TableSheetSerializer(serializers.Serializer[dict[str, Any]]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    region = RegionSerializer()
    quarters = serializers.ListField(child=serializers.CharField())
    data_as_of = serializers.DateTimeField(allow_null=True, help_text="数据截至；null 表示还没有汇总过")
    rows = serializers.IntegerField(help_text="一共多少行")
    columns = TableColumnSerializer(many=True)
    total = TableLineSerializer(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField(), help_text="怎样读这张表")
    results = TableLineSerializer(many=True)


class ComplianceResultSerializer(serializers.ModelSerializer[ComplianceResult]):
    enterprise = serializers.CharField(source="enterprise.credit_code", help_text="统一社会信用代码")
    enterprise_name = serializers.CharField(source="enterprise.name")
    county = RegionSerializer(help_text="企业当时所在的县（市、区）")
    title = serializers.SerializerMethodField(help_text="规则的内容")
    citation = serializers.SerializerMethodField(help_text="依据")
    finding_label = serializers.CharField(source="get_finding_display")

    class Meta:
        model = ComplianceResult
        fields = (
            "id",
            "enterprise",
            "enterprise_name",
            "county",
            "quarter",
            "rule",
            "version",
            "title",
            "citation",
            "finding",
            "finding_label",
            "said",
            "values",
            "cure",
            "cure_by",
        )

    def get_title(self, result: ComplianceResult) -> str:
        return _rule_texts(result.rule)[0]

    def get_citation(self, result: ComplianceResult) -> str:
        return _rule_texts(result.rule)[1]


def _rule_texts(code: str) -> tuple[str, str]:
    """What a rule says and where it comes from; of one that is gone nothing."""
    try:
        rule = rule_by_code(code)
    except LookupError:
        return "", ""
    return rule.title, rule.citation


class QualityFindingSerializer(serializers.ModelSerializer[Finding]):
    enterprise = serializers.CharField(source="enterprise.credit_code", help_text="统一社会信用代码")
    enterprise_name = serializers.CharField(source="enterprise.name")
    county = RegionSerializer(help_text="数据计入的县（市、区）")
    sort_label = serializers.CharField(source="get_sort_display")
    subject = serializers.SerializerMethodField(help_text="数据项或记录的名称")
    fact = serializers.CharField(help_text="数据项编码；关于单条记录的为空")
    record = serializers.IntegerField(source="record_id", allow_null=True, help_text="关于单条记录的，它的编号")
    value = NumberField(help_text="填报值")
    compared = NumberField(help_text="对照值")
    said = serializers.SerializerMethodField(help_text="情况，一句话")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = Finding
        fields = (
            "id",
            "enterprise",
            "enterprise_name",
            "county",
            "quarter",
            "period",
            "sort",
            "sort_label",
            "subject",
            "fact",
            "record",
            "value",
            "compared",
            "said",
            "state",
            "state_label",
            "found_at",
            "question",
            "asked_at",
        )

    def get_subject(self, finding: Finding) -> str:
        return what(finding)

    def get_said(self, finding: Finding) -> str:
        return sentence(finding)


#: The forms a finished report can be fetched in.
REPORT_FORMATS = ("pdf", "xlsx", "docx", "json")


class ReportSerializer(serializers.ModelSerializer[Report]):
    type = serializers.CharField(source="kind")
    region = RegionSerializer()
    status = serializers.SerializerMethodField(help_text="building 生成中、ready 已生成、failed 生成失败")
    state_label = serializers.CharField(source="get_state_display")
    created_by = serializers.CharField(source="created_by.full_name")
    job = JobProgressSerializer(allow_null=True)
    files = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = (
            "id",
            "type",
            "title",
            "region",
            "quarter",
            "draft_number",
            "status",
            "state",
            "state_label",
            "number",
            "issued_on",
            "verify_code",
            "data_as_of",
            "snapshot_hash",
            "pdf_hash",
            "created_by",
            "created_at",
            "built_at",
            "job",
            "files",
            "url",
        )
        read_only_fields = fields

    def get_status(self, report: Report) -> str:
        """A build whose job has ended without files has failed, whatever the row still says."""
        return ReportStatus.FAILED.value if report.has_failed else report.status

    def get_files(self, report: Report) -> dict[str, str]:
        """Where each form is fetched; empty until the report is ready."""
        if not report.is_ready:
            return {}
        made = [file_format for file_format in REPORT_FORMATS if file_format == "json" or getattr(report, file_format)]
        return {file_format: reverse("api:report-file", args=[report.pk, file_format]) for file_format in made}

    def get_url(self, report: Report) -> str:
        return reverse("api:report", args=[report.pk])
