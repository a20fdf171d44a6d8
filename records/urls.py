from django.urls import include, path

from foundation.crud.urls import urls_of
from foundation.exchange.urls import import_urls
from records.core.views import detail, editing, listing, names, own
from records.duties.views import progress, sitting, statements
from records.evidence import views as evidence
from records.exchange import views as exchange
from records.exchange.importing import RecordImport
from records.review.views import appeals, batches, corrections, queue, review, samples
from records.review.views import settings as review_settings

app_name = "records"

urlpatterns = [
    path("records/", include(urls_of("records"))),
    path("records/", listing.record_list, name="list"),
    path("records/own/", own.own_records, name="own"),
    path("records/progress/", progress.enterprise_progress, name="progress"),
    path("records/progress/urge/", progress.progress_urge, name="progress_urge"),
    path("records/duties/", progress.duty_list, name="duties"),
    path("records/duties/urge/", progress.duty_urge, name="duty_urge"),
    *import_urls(RecordImport, "records/import/"),
    path("records/export/", exchange.record_export, name="export"),
    path("records/names/<str:model>/<str:field>/", names.names, name="names"),
    path("records/new/<str:kind>/", editing.record_create, name="create"),
    path("records/new/<str:kind>/counts-in/", statements.counts_in, name="counts_in"),
    path("records/<int:pk>/", detail.record_detail, name="detail"),
    path("records/<int:pk>/print/", detail.record_print, name="print"),
    path("records/<int:pk>/edit/", editing.record_edit, name="edit"),
    path("records/<int:pk>/discard/", editing.record_discard, name="discard"),
    path("records/<int:pk>/do/<str:action>/", detail.record_act, name="act"),
    path("records/attachments/", evidence.attachment_upload, name="attachment_upload"),
    path("records/attachments/<int:pk>/", evidence.attachment_open, name="attachment"),
    path("records/attachments/<int:pk>/thumbnail/", evidence.attachment_thumbnail, name="attachment_thumbnail"),
    path("records/attachments/<int:pk>/remove/", evidence.attachment_remove, name="attachment_remove"),
    path("records/sitting/<str:quarter>/", sitting.fill, name="sitting"),
    path("records/sitting/<str:quarter>/workbook/", exchange.returns_workbook, name="returns_workbook"),
    path("records/sitting/<str:quarter>/workbook/upload/", exchange.returns_upload, name="returns_upload"),
    path("records/statement/<str:quarter>/", statements.make, name="statement"),
    path("review/", queue.review_queue, name="review"),
    path("review/overview/", samples.review_overview, name="review_overview"),
    path("review/overview/urge/", samples.review_urge, name="review_urge"),
    path("review/samples/", samples.sample_list, name="samples"),
    path("review/appeals/", appeals.appeal_list, name="appeals"),
    path("review/appeals/<int:pk>/", appeals.appeal_detail, name="appeal"),
    path("review/corrections/", corrections.correction_list, name="corrections"),
    path("review/corrections/<int:pk>/decide/", corrections.correction_decide, name="correction_decide"),
    path("review/settings/", review_settings.review_settings, name="review_settings"),
    path("review/select/", queue.review_select, name="review_select"),
    path("review/batches/", batches.batch_list, name="batches"),
    path("review/batches/<int:pk>/", batches.batch_detail, name="batch"),
    path("review/batches/<int:pk>/confirm/", batches.batch_confirm, name="batch_confirm"),
    path("review/batches/<int:pk>/drop/", batches.batch_drop, name="batch_drop"),
    path("review/batches/<int:pk>/reopen/", batches.batch_reopen, name="batch_reopen"),
    path("review/batches/<int:pk>/export/", batches.batch_export, name="batch_export"),
    path("review/import/<int:pk>/", exchange.review_batch, name="review_batch"),
    path("review/<int:pk>/", review.review_record, name="review_record"),
    path("review/<int:pk>/presence/", review.review_presence, name="review_presence"),
    path("review/<int:pk>/assign/", review.review_assign, name="review_assign"),
    path("review/<int:pk>/sample/", samples.sample_check, name="sample_check"),
    path("records/<int:pk>/appeal/", appeals.appeal_make, name="appeal_make"),
    path("records/<int:pk>/correction/", corrections.correction_ask, name="correction_ask"),
    path("review/<int:pk>/flag/", review.review_flag, name="review_flag"),
    path("review/<int:pk>/leave/", review.review_leave, name="review_leave"),
]
