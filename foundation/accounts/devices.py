"""What a browser calls itself, in the words people know it by."""

import re

from django.utils.translation import gettext as _

#: First match counts: nearly all browsers call themselves Chrome and Safari as well, and WeChat's also Mobile.
_BROWSERS = (
    (r"MicroMessenger/", "微信"),
    (r"DingTalk/", "钉钉"),
    (r"QQBrowser/", "QQ 浏览器"),
    (r"360SE|360EE|QihooBrowser|QHBrowser", "360 浏览器"),
    (r"MetaSr|SE 2\.X", "搜狗浏览器"),
    (r"HuaweiBrowser/", "华为浏览器"),
    (r"MiuiBrowser/", "小米浏览器"),
    (r"UCBrowser/|UBrowser/", "UC 浏览器"),
    (r"Edge?A?/|EdgiOS/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/[\d.]+.*Safari/", "Safari"),
    (r"MSIE |Trident/", "Internet Explorer"),
)
_SYSTEMS = (
    (r"HarmonyOS|OpenHarmony", "鸿蒙"),
    (r"Windows", "Windows"),
    (r"iPad", "iPad"),
    (r"iPhone|iPod", "iPhone"),
    (r"Android", "Android"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"UOS|Uos", "统信 UOS"),
    (r"Kylin", "银河麒麟"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def device_label(user_agent: str) -> str:
    """``Chrome · Windows``; what is not known is left out, and a program that is no browser is called so."""
    found = [
        next((label for pattern, label in known if re.search(pattern, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or _("其他程序")
