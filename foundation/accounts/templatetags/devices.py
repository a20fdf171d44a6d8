"""``{{ session.user_agent|device }}``"""

from django import template

from foundation.accounts.devices import device_label

register = template.Library()
register.filter("device", device_label)
