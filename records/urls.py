from django.urls import path

from records.views import detail, editing, listing, progress, review, statements

app_name = "records"

urlpatterns = [
    path("records/", listing.record_list, name="list"),
    path("records/progress/", progress.enterprise_progress, name="progress"),
    path("records/duties/", progress.duty_list, name="duties"),
    path("records/new/<str:kind>/", editing.record_create, name="create"),
    path("records/<int:pk>/", detail.record_detail, name="detail"),
    path("records/<int:pk>/edit/", editing.record_edit, name="edit"),
    path("records/<int:pk>/discard/", editing.record_discard, name="discard"),
    path("records/<int:pk>/do/<str:action>/", detail.record_act, name="act"),
    path("records/attachments/", editing.attachment_upload, name="attachment_upload"),
    path("records/attachments/<int:pk>/", editing.attachment_open, name="attachment"),
    path("records/attachments/<int:pk>/remove/", editing.attachment_remove, name="attachment_remove"),
    path("records/statement/<str:quarter>/", statements.make, name="statement"),
    path("review/", review.review_queue, name="review"),
    path("review/<int:pk>/", review.review_record, name="review_record"),
    path("review/<int:pk>/presence/", review.review_presence, name="review_presence"),
    path("review/<int:pk>/leave/", review.review_leave, name="review_leave"),
]
