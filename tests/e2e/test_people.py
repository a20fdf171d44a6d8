"""An office makes an account, its person comes in for the first time and adds a security key: a virtual one."""

import io
import re
import uuid

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage

OWN = "Jiangning-2026"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def slip_from_workbook(stage: Stage, username: str) -> str:
    """What the county does: upload, look, confirm. Returns the one-time password on the slip."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["姓名", "用户名", "角色", "单位代码", "有效期至"])
    workbook.active.append(["郑新来", username, "企业经办员", stage.accounts["clerk3"].place, None])
    content = io.BytesIO()
    workbook.save(content)
    page = stage.page("county3")
    page.goto("accounts-admin/bulk/")
    page.set_input_files("[type=file]", {"name": "人员.xlsx", "mimeType": _XLSX, "buffer": content.getvalue()})
    page.get_by_role("button", name="上传并检查").click()
    # "单位代码" is not the template's heading: what it was taken for is shown first.
    expect(page.get_by_label("“单位代码”对应的内容")).to_have_value("unit")
    page.get_by_role("button", name="按这样读取并检查").click()
    page.get_by_role("button", name="建立 1 个账号").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("密码条只显示这一次")).to_be_visible()
    return page.locator(".slip code").nth(1).inner_text()


def enter(page: Page, username: str, password: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_from_slip_to_security_key(stage):
    username = f"new-{uuid.uuid4().hex[:8]}"
    password = slip_from_workbook(stage, username)
    page = stage.page()
    # Security keys are bound to a name; an address of numbers has none.
    base = stage.portal.address.replace("127.0.0.1", "localhost").rstrip("/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto(f"{base}/accounts/login/")
    enter(page, username, password)
    expect(page.get_by_text("请先改成只有自己知道的密码")).to_be_visible()
    page.get_by_label("当前密码").fill(password)
    page.get_by_label(re.compile("^新密码")).first.fill(OWN)
    page.get_by_label(re.compile("^新密码（")).fill(OWN)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="郑新来，您好")).to_be_visible()

    page.goto(f"{base}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{base}/accounts/login/")
    enter(page, username, OWN)
    expect(page.get_by_text("6 位验证码")).to_be_visible()
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page.get_by_role("heading", name="郑新来，您好")).to_be_visible()
