"""The province enters a policy document, pasted and as a Word file: cut, corrected, published, linked, revised and retired."""

import re
import uuid

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage
from tests.policies.word_files import add, as_file, numbered_document

TITLE, NUMBER = f"关于办好职工大讲堂的通知（{uuid.uuid4().hex[:6]}）", "苏示办〔2026〕9号"
#: As copied from a page: a sentence goes on in the next line, and the last one has no full stop.
TEXT = f"""{NUMBER}
{TITLE}
各市：
为落实有关要求，通知如下。
一、目标
提高产业工人的能力。
二、措施
（一）办好大讲堂
各单位每季度开设一次职工大讲堂，请劳动模范和
工匠讲课。鼓励一线职工上台。
（二）建好队伍
配齐产改指导员、联络员、观察员。
三、保障
做好服务
示例办公室
2026年5月6日"""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def levels_of(page: Page) -> list[str]:
    """The level that each paragraph of the draft has."""
    return page.locator(".policy-rows select").evaluate_all("all => all.map(one => one.value)")


def describe(page: Page, title: str, number: str = "") -> None:
    page.goto("policies/")
    page.get_by_role("link", name="录入文件").click()
    page.get_by_role("textbox", name="标题").fill(title)
    page.get_by_label("文号").fill(number)
    page.get_by_label("发文机关").fill("示例办公室")
    page.get_by_label("印发日期").fill("2026-05-06")
    page.get_by_label("来源").fill("文件全文")


def publish(page: Page) -> None:
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，大家现在就能看到")).to_be_visible()


def test_a_pasted_document_is_corrected_published_linked_revised_and_retired(stage: Stage) -> None:
    page = stage.page("province1")
    describe(page, TITLE, NUMBER)
    page.get_by_label("粘贴全文").fill(TEXT)
    page.get_by_role("button", name="分段并核对").click()

    # Cut by its numbers: the broken line is whole again, what stands at the head and at the foot is set apart.
    expect(page.get_by_label("第 9 段的文字")).to_have_value(
        "各单位每季度开设一次职工大讲堂，请劳动模范和工匠讲课。鼓励一线职工上台。"
    )
    headings = ["part", "text", "part", "measure", "text", "measure", "text", "part"]
    assert levels_of(page) == ["repeated"] * 2 + ["outside"] * 2 + headings + ["outside"] * 3
    # Without its stop the last sentence was taken for a signature; publishing says what is missing, and there it is corrected.
    page.get_by_role("navigation", name="录入的步骤").get_by_role("link", name="预览和发布").click()
    expect(page.get_by_text("标题“三、保障”下面没有正文")).to_be_visible()
    page.get_by_role("navigation", name="录入的步骤").get_by_role("link", name="段落").click()
    page.get_by_label("第 13 段的层级").select_option("text")
    page.get_by_label("第 13 段的文字").fill("为开设大讲堂的单位做好服务。")
    page.get_by_role("button", name="保存，下一步写要点").click()

    # A clause for each sentence, each with its points.
    expect(page.locator(".policy-row-clause")).to_have_count(5)
    page.get_by_label("第 1 条是否要做事").select_option("general")
    page.get_by_label("第 1 条的要点或总述的原因").fill("只说目标，没有要做的事")
    page.get_by_label("第 2 条的要点或总述的原因").fill("每季度开设一次职工大讲堂\n请劳动模范和工匠讲课")
    page.get_by_role("button", name="保存，下一步预览").click()
    expect(page.get_by_text("编号、条款和要点都齐了")).to_be_visible()
    publish(page)
    address = page.url
    expect(page.get_by_text("待建 4")).to_be_visible()

    # One point to a kind, one to an indicator: the clauses are carried, and the figures stand beside the measures.
    page.get_by_role("link", name="关联要点").click()
    page.get_by_label("每季度开设一次职工大讲堂").fill("职工大讲堂（记录类型）")
    page.get_by_label("配齐产改指导员、联络员、观察员").fill("指导员、联络员、观察员配齐的企业占比（指标）")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("新增关联 2 项")).to_be_visible()
    page.get_by_role("link", name="返回文件").click()
    for state in ("已承载 1", "部分承载 1", "待建 2", "总述 1"):
        expect(page.get_by_text(state, exact=False).first).to_be_visible()
    expect(page.get_by_text("尚缺：请劳动模范和工匠讲课")).to_be_visible()
    lectures = page.locator("section.policy-measure").filter(has_text="办好大讲堂")
    lectures.locator("summary").first.click()
    expect(lectures.get_by_role("cell", name=re.compile("^职工大讲堂场次")).first).to_be_visible()
    # Everybody reads it, and nobody else may change it.
    clerk = stage.page("clerk1")
    clerk.goto(address)
    expect(clerk.get_by_text("为开设大讲堂的单位做好服务。").first).to_be_visible()
    expect(clerk.get_by_role("link", name="关联要点")).to_have_count(0)

    # A revision disturbs nobody until it is published, and no link is lost unasked.
    page.get_by_role("button", name="修订").click()
    lecture = page.get_by_label("第 9 段的文字")
    lecture.fill(lecture.input_value().replace("每季度", "每月"))
    page.get_by_role("button", name="保存，下一步写要点").click()
    page.get_by_label(re.compile("条款.*您为它写好的要点不再保留")).check()
    page.get_by_role("button", name="保存，下一步写要点").click()
    page.get_by_role("button", name="保存，下一步预览").click()
    clerk.reload()
    expect(clerk.locator(".policy-clause").filter(has_text="各单位每季度开设一次")).to_be_visible()
    page.get_by_label(re.compile("要点“每季度开设一次职工大讲堂”已关联")).check()
    publish(page)
    assert page.url == address
    clerk.reload()
    expect(clerk.locator(".policy-clause").filter(has_text="各单位每月开设一次")).to_be_visible()
    page.get_by_text("各版本（2）").click()
    expect(page.get_by_text("以前的版本")).to_be_visible()

    # Retired with a reason it stays to be read, and is marked in the list.
    page.get_by_text("停用这个文件").click()
    page.get_by_label("停用原因").fill("已由年度计划代替")
    page.get_by_role("button", name="停用", exact=True).click()
    expect(page.get_by_text("起停用")).to_be_visible()
    clerk.goto("policies/")
    expect(clerk.get_by_role("heading", name=TITLE)).to_contain_text("已停用")
    clerk.get_by_role("link", name=TITLE).click()
    expect(clerk.get_by_text("已由年度计划代替")).to_be_visible()


def test_numbers_that_word_made_are_there_and_a_deleted_draft_comes_back(stage: Stage) -> None:
    page, title = stage.page("province1"), f"关于办好职工学校的意见（{uuid.uuid4().hex[:6]}）"
    document = numbered_document()
    for text, level in (("目标", 0), ("提高能力。", -1), ("措施", 0), ("办好学校", 1), ("每年办一期培训班。", -1)):
        if level < 0:
            document.add_paragraph(text)
        else:
            add(document, text, level)
    describe(page, title)
    page.get_by_label("或上传 Word 文件").set_input_files(
        {"name": "意见.docx", "mimeType": _WORD, "buffer": as_file(document).getvalue()}
    )
    page.get_by_role("button", name="分段并核对").click()
    expect(page.get_by_text("有 3 段的编号是 Word 自动生成的，已补写到段首，请核对。")).to_be_visible()
    texts = page.locator(".policy-rows textarea").evaluate_all("all => all.map(one => one.value)")
    assert texts == ["一、目标", "提高能力。", "二、措施", "（一）办好学校", "每年办一期培训班。"]
    assert levels_of(page) == ["part", "text", "part", "measure", "text"]
    with page.expect_download() as download:
        page.get_by_role("link", name="下载上传的文件").click()
    assert download.value.suggested_filename == "意见.docx"

    page.get_by_role("button", name="删除草稿").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    page.get_by_text("已删除的草稿").last.click()
    page.get_by_role("listitem").filter(has_text=title).get_by_role("button", name="恢复").click()
    page.get_by_role("navigation", name="录入的步骤").get_by_role("link", name="预览和发布").click()
    publish(page)
    expect(page.get_by_role("heading", name="（一）办好学校")).to_be_visible()
