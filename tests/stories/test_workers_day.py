"""A worker's day through the real door: 自办, 代报, 问, 请给我打电话, lists, 批注, a liaison's menu, both stores."""

from __future__ import annotations

from tests.stories.story import State, Story

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


def test_a_day_of_a_worker(anywhere: Story) -> None:
    story = anywhere
    story.sends_photo("li", caption="自办 健仁小区3号楼楼道堆的纸箱清走了")
    story.hears("li", "A0001 自办已记", "健仁小区3号楼")
    assert [one.letter.to for one in story.shown] == ["li"]
    assert story.case().state is State.FED_BACK

    story.says("li", "代报 健仁小区5号楼门禁坏了，来电人13812345678")
    story.hears("li", "已登记", "A0002")
    story.never_says("138", "来电人", to=["第二网格工作群"])

    story.says("zhang", SENTENCE)
    story.presses("zhao", "接单", "A0003")
    story.says("zhao", "问 A0003 车主在家吗？")
    story.hears("zhang", "A0003 网格员赵强想问", "车主在家吗", "直接回复就行")
    story.says("zhang", "在家的，你打13812345678")
    story.hears("zhao", "居民回复：在家的", but_not=["138"])

    story.says("zhang", "请给我打电话 A0003")
    story.hears("zhang", "只告诉 A0003 的办理人赵强")
    story.says("zhang", "13812345678")
    story.hears("zhao", "13812345678")
    assert {one.letter.to for one in story.shown} == {"zhang", "zhao"}

    story.says("xie", "批注 A0003 请今天内办完")
    story.hears("zhao", "谢国安批注：请今天内办完")

    story.says("li", "我的待办")
    story.hears("li", "待办 1 件", "A0002", but_not=["A0001", "A0003"])
    story.says("xie", "网格待办 健仁社区")
    story.hears("xie", "A0002", "A0003", but_not=["138", "车主", "张桂兰"])

    story.sends_photo("zhao", caption="反馈 A0003 已劝离并拆线 可公开")
    story.hears("zhang", "已劝离并拆线", but_not=["可公开"])
    with story.stage.store.reading() as reader:
        assert [photo.public for photo in reader.photos("A0003")] == [True]
        assert reader.verify() == []
        assert [r.part for r in reader.reporters("A0001")] == ["finder"]
        assert [r.part for r in reader.reporters("A0002")] == ["on_behalf"]


def test_what_was_found_and_done_is_closed_in_silence(story: Story) -> None:
    story.says("li", "自办 帮老人把菜提上楼")
    shown = story.passes("74h")
    assert story.case().state is State.CLOSED
    assert [one.letter.text for one in shown if "A0001" in one.letter.text] == []
    with story.stage.store.reading() as reader:
        rates = reader.rates(story.stage.clock.now())
    assert (rates["satisfaction"].of, rates["resolution_rate"].of) == (0, 0)


def test_a_rating_on_behalf_is_kept_and_not_counted(story: Story) -> None:
    story.says("li", "代报 健仁小区3号楼有人给电动车飞线充电")
    story.says("zhao", "接单 A0001")
    story.says("zhao", "反馈 A0001 已劝离")
    story.hears("li", "居民怎么说")
    story.says("li", "已解决 5")
    assert story.case().state is State.CLOSED
    with story.stage.store.reading() as reader:
        assert reader.rates(story.stage.clock.now())["satisfaction"].of == 0
        assert [r.rating for r in reader.reporters("A0001")] == [5]


def test_danger_said_for_a_caller_is_danger(story: Story) -> None:
    story.says("li", "代报 健仁小区3号楼楼道着火了，有浓烟")
    story.hears("li", "119")
    assert story.case().emergency == "fire"
    story.hears("duty-desk", "A0001")


def test_a_liaison_reports_by_button(story: Story) -> None:
    story.says("秦大爷", "你好")
    labels = [button.label for one in story.shown for button in one.letter.buttons]
    assert labels == ["信访苗头", "安全隐患", "矛盾纠纷", "社情民意", "突发事件", "协助网格治理"]
    story.presses("秦大爷", "矛盾纠纷")
    story.hears("秦大爷", "请说一句")
    story.says("秦大爷", "楼上楼下为了漏水的事天天吵，怕打起来")
    case = story.case()
    assert case.duty == "dispute_mediation"
    assert case.where.unit == "jr-2-m1"
    with story.stage.store.reading() as reader:
        assert [r.part for r in reader.reporters("A0001")] == ["on_behalf"]


def test_the_number_of_statements_of_a_list_is_bounded(story: Story) -> None:
    for n in range(1, 9):
        story.says(f"r{n}", f"健仁小区{n}号楼楼道有人给电动车飞线充电")
    story.says("li", "网格待办")
    counts = []
    for words in ("网格待办", "我的待办"):
        before = story.stage.store.statements()
        story.says("li", words)
        counts.append(story.stage.store.statements() - before)
    before = story.stage.store.statements()
    story.says("chen", "网格待办")
    assert story.stage.store.statements() - before <= max(counts) + 3
