"""Addresses of the policy pages, under ``/policies/``. No document has the code ``new`` or ``drafts``."""

from django.urls import path

from policies.views import entering, reading

app_name = "policies"
urlpatterns = [
    path("", reading.document_list, name="list"),
    path("new/", entering.draft_create, name="draft_create"),
    path("drafts/<int:pk>/", entering.draft_paragraphs, name="draft"),
    path("drafts/<int:pk>/description/", entering.draft_describe, name="draft_describe"),
    path("drafts/<int:pk>/points/", entering.draft_points, name="draft_points"),
    path("drafts/<int:pk>/publish/", entering.draft_publish, name="draft_publish"),
    path("drafts/<int:pk>/discard/", entering.draft_discard, name="draft_discard"),
    path("drafts/<int:pk>/restore/", entering.draft_restore, name="draft_restore"),
    path("drafts/<int:pk>/file/", entering.draft_file, name="draft_file"),
    path("drafts/<int:pk>/published/", entering.edition_read, name="edition"),
    path("<str:code>/", reading.document_detail, name="document"),
    path("<str:code>/links/", entering.document_links, name="links"),
    path("<str:code>/revise/", entering.document_revise, name="revise"),
    path("<str:code>/retire/", entering.document_retire, name="retire"),
    path("<str:code>/resume/", entering.document_resume, name="resume"),
]
