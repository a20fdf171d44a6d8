"""Long work: how far it is."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.requests import ApiRequest
from api.serializers import JobSerializer
from api.views.base import PAGE_PARAMETERS, PortalView, problems, refuse_unknown_parameters
from foundation.access.rules import visible_or_404
from foundation.jobs.models import Job


class JobList(PortalView):
    serializer_class = JobSerializer

    @extend_schema(
        operation_id="jobs_list",
        summary="我的后台任务",
        parameters=PAGE_PARAMETERS,
        responses={200: JobSerializer(many=True), **problems()},
        tags=["jobs"],
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown_parameters(request, [])
        return self.answer_page(Job.objects.visible_to(request.user))


class JobDetail(PortalView):
    serializer_class = JobSerializer

    @extend_schema(
        operation_id="jobs_retrieve",
        summary="一个后台任务的进度和结果",
        responses={200: JobSerializer, **problems(404)},
        tags=["jobs"],
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        job = visible_or_404(Job.objects.select_related("owner"), request.user, pk=pk)
        return Response(self.get_serializer(job).data)
