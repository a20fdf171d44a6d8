"""Addresses of django-allauth that do not exist here: accounts come from administrators, there is no mail.

Stands before allauth's own addresses and takes these from them, so that nobody meets a form that cannot work.
"""

from django.urls import path

from foundation.accounts import views

urlpatterns = [path(address, views.not_offered) for address in ("password/reset/", "password/set/", "email/")]
