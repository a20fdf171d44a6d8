from django.urls import path

from records.views import detail, editing, evidence, exchange, listing, progress, review, statements

app_name = "records"

urlpatterns = [
    path("records/", listing.record_list, name="list"),
    path("records/progress/", progress.enterprise_progress, name="progress"),
    path("records/duties/", progress.duty_list, name="duties"),
    path("records/import/", exchange.import_list, name="imports"),
    path("records/import/template/<str:kind>/", exchange.import_template, name="import_template"),
    path("records/import/<int:pk>/", exchange.import_detail, name="import"),
    path("records/import/<int:pk>/confirm/", exchange.import_confirm, name="import_confirm"),
    path("records/import/<int:pk>/discard/", exchange.import_discard, name="import_discard"),
    path("records/import/<int:pk>/problems/", exchange.import_problems, name="import_problems"),
    path("records/export/", exchange.record_export, name="export"),
    path("records/export/<int:pk>/", exchange.export_file, name="export_file"),
    path("records/new/<str:kind>/", editing.record_create, name="create"),
    path("records/<int:pk>/", detail.record_detail, name="detail"),
    path("records/<int:pk>/print/", detail.record_print, name="print"),
    path("records/<int:pk>/edit/", editing.record_edit, name="edit"),
    path("records/<int:pk>/discard/", editing.record_discard, name="discard"),
    path("records/<int:pk>/do/<str:action>/", detail.record_act, name="act"),
    path("records/attachments/", evidence.attachment_upload, name="attachment_upload"),
    path("records/attachments/<int:pk>/", evidence.attachment_open, name="attachment"),
    path("records/attachments/<int:pk>/thumbnail/", evidence.attachment_thumbnail, name="attachment_thumbnail"),
    path("records/attachments/<int:pk>/remove/", evidence.attachment_remove, name="attachment_remove"),
    path("records/statement/<str:quarter>/", statements.make, name="statement"),
    path("review/", review.review_queue, name="review"),
    path("review/import/<int:pk>/", exchange.review_batch, name="review_batch"),
    path("review/<int:pk>/", review.review_record, name="review_record"),
    path("review/<int:pk>/presence/", review.review_presence, name="review_presence"),
    path("review/<int:pk>/leave/", review.review_leave, name="review_leave"),
]
