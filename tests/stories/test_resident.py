"""What a resident lives through, each point of it once."""

from __future__ import annotations

import pytest

from bot.stage import Stage
from tests.product import product
from tests.stories.story import State, Story


def test_first_contact_is_short_and_shows_three_examples(story: Story) -> None:
    story.follows("王大爷")
    (welcome,) = story.heard("王大爷")
    assert len(welcome) <= 90
    assert welcome.count("·") == 3
    assert "回复 隐私 看详情" in welcome
    assert "匿名" in welcome


def test_a_grid_code_says_where_its_finder_lives(story: Story) -> None:
    story.follows("王大爷", scene="jr-2")
    story.says("王大爷", "3号楼楼道里有人飞线充电")
    story.hears("第二网格工作群", "飞线充电", "健仁小区3号楼")


def test_only_the_place_is_asked_for_and_answered_in_words(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    story.hears("王大爷", "A0001", "在哪里")
    assert story.case().state is State.COLLECTED
    story.says("王大爷", "健仁小区三号楼")
    story.hears("王大爷", "健仁小区3号楼", "健仁第二网格")
    story.hears("第二网格工作群", "A0001")
    assert story.case().state is State.ASSIGNED


def test_the_place_is_answered_with_a_pin(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    unit = story.stage.town.units["jr-2"]
    assert unit.center is not None
    story.sends_location("王大爷", *unit.center)
    assert story.case().where.unit == "jr-2"
    story.hears("第二网格工作群", "A0001")


def test_not_knowing_the_place_is_accepted(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    story.says("王大爷", "不知道")
    story.hears("王大爷", "没关系", "A0001")
    assert story.case().state is State.ASSIGNED


def test_an_unanswered_question_does_not_hold_the_case(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    story.passes("11m")
    assert story.case().state is State.ASSIGNED


def test_bubbles_belong_together(story: Story) -> None:
    story.says("王大爷", "健仁小区5号楼门口")
    story.passes("20s")
    story.says("王大爷", "路灯坏了")
    assert story.case().where.building == "5号楼"


def test_a_correction_moves_the_case(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.says("王大爷", "不是3号楼 是5号楼")
    story.hears("王大爷", "5号楼")
    assert story.case().where.building == "5号楼"


def test_a_new_problem_in_the_middle_of_a_question(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    story.says("王大爷", "健仁小区2号楼门口垃圾堆了一个星期没人收")
    assert [case.number for case in story.cases()] == ["A0001", "A0002"]
    story.hears("王大爷", "A0002", "A0001", "还差个地点")
    story.says("王大爷", "健仁小区6号楼")
    assert story.case("A0001").where.building == "6号楼"


def test_nothing_opens_twice(story: Story) -> None:
    story.says("王大爷", "健仁小区5号楼门口路灯坏了")
    story.passes("3h")
    story.says("王大爷", "健仁小区5号楼门口路灯坏了，还没人修")
    assert len(story.cases()) == 1
    story.hears("王大爷", "A0001")


def test_a_photo_before_the_words(story: Story) -> None:
    story.sends_photo("王大爷", "wire.jpg")
    story.hears("王大爷", "什么事")
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    assert len(story.case().photos) == 1
    story.presses("网格员小李", "接单")
    taken = [one.letter for one in story.shown if one.letter.to == "li"]
    assert taken[0].photos


def test_a_photo_of_a_resident_never_reaches_a_group(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.sends_photo("王大爷", "wire.jpg")
    story.presses("网格员小李", "接单")
    story.says("网格员小李", "反馈 A0001 已劝离")
    assert not [one for one in story.all if one.letter.to == "jr-2-work" and one.letter.photos]


@pytest.mark.parametrize("word", ["人工", "转人工", "找真人"])
def test_a_person_in_one_step_with_the_words_carried(story: Story, word: str) -> None:
    story.says("王大爷", "社保断了两个月能补吗")
    story.says("王大爷", word)
    story.hears("王大爷", "已转人工")
    case = story.cases()[-1]
    assert case.item == "human_desk"
    assert "社保断了两个月" in case.words.reveal()


def test_a_dispatcher_answers_in_words(story: Story) -> None:
    story.says("王大爷", "人工")
    number = story.cases()[-1].number
    story.says("chen", f"接单 {number}")
    story.says("chen", f"答复 {number} 您好，请问有什么可以帮您？")
    story.hears("王大爷", "请问有什么可以帮您")


def test_status_urging_withdrawing(story: Story) -> None:
    story.says("王大爷", "健仁小区5号楼门口路灯坏了")
    story.says("王大爷", "查进度")
    story.hears("王大爷", "A0001", "已派给")
    story.says("王大爷", "催办")
    story.hears("王大爷", "已催办")
    story.says("王大爷", "催办")
    story.hears("王大爷", "12小时内已经催过")
    story.passes("12h")
    story.says("王大爷", "催办")
    story.hears("王大爷", "已催办")
    story.says("王大爷", "撤回")
    assert story.case().state is State.WITHDRAWN


def test_a_number_of_somebody_else_tells_nothing(story: Story) -> None:
    story.says("王大爷", "健仁小区5号楼门口路灯坏了")
    story.says("李大妈", "查进度 A0001")
    story.hears("李大妈", "没找到", but_not=["路灯"])


def test_holding_back_is_asked_about(story: Story) -> None:
    story.says("王大爷", "帮我报一下 健仁小区4号楼前面下水道返水")
    story.says("王大爷", "等等")
    story.says("王大爷", "先别报了 物业刚来人")
    story.hears("王大爷", "撤回 A0001")
    story.says("王大爷", "嗯 取消")
    assert story.case().state is State.WITHDRAWN


def _fed_back(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.presses("网格员小李", "接单")
    story.says("网格员小李", "反馈 A0001 已劝离")


def test_an_unsolved_case_comes_back_twice_at_most(story: Story) -> None:
    _fed_back(story)
    for _ in range(2):
        story.says("王大爷", "没解决")
        story.hears("王大爷", "返工")
        story.says("王大爷", "要")
        assert story.case().state is State.ASSIGNED
        story.presses("网格员小李", "接单")
        story.says("网格员小李", "反馈 A0001 又处理了一次")
    story.says("王大爷", "没解决")
    story.hears("王大爷", "值班")
    story.hears("duty-desk", "返工两次")


def test_ratings_in_all_forms(story: Story) -> None:
    _fed_back(story)
    story.says("王大爷", "2")
    story.hears("王大爷", "解决了吗")
    story.says("王大爷", "已解决")
    case = story.case()
    assert (case.state, case.solved, case.rating) == (State.CLOSED, True, 2)
    story.says("王大爷", "A0001 已解决 5")
    story.hears("王大爷", "已经评价过")


def test_silence_closes_unrated_and_late_ratings_are_refused(story: Story) -> None:
    _fed_back(story)
    story.passes("73h")
    case = story.case()
    assert (case.state, case.solved, case.rating) == (State.CLOSED, None, 0)
    story.says("王大爷", "A0001 已解决 5")
    story.hears("王大爷", "评价时间过了")


def test_night_is_quiet_but_answers_are_not(story: Story) -> None:
    story.passes("12h")
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.passes("90m")
    story.says("网格员小李", "接单 A0001")
    story.hears_nothing("王大爷")
    story.says("王大爷", "查进度")
    story.hears("王大爷", "A0001")
    story.passes("9h")
    story.hears("王大爷", "已接单")


def test_privacy_export_and_erasure(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电，我电话13812345678")
    story.says("王大爷", "隐私")
    story.hears("王大爷", "怎么删", "留多久")
    story.says("王大爷", "我的数据")
    story.hears("王大爷", "A0001")
    story.says("王大爷", "删除我的数据")
    story.hears("王大爷", "A0001", "办结后自动删除")
    story.says("王大爷", "确认")
    assert "13812345678" in story.case().words.reveal()
    story.presses("网格员小李", "接单")
    story.says("网格员小李", "反馈 A0001 已劝离")
    story.says("王大爷", "已解决 5")
    assert "13812345678" not in story.case().words.reveal()
    with story.stage.store.reading() as reader:
        assert reader.verify() == []


def test_a_phone_number_never_leaves_the_private_chats(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电，我姓王，电话13812345678，住2单元501")
    story.presses("网格员小李", "接单")
    story.never_says("13812345678", "2单元", "501", to=["第二网格工作群"])
    story.never_says("13812345678", to=["li"])


def test_the_writer_is_answered_in_the_same_script(story: Story) -> None:
    story.says("陳小姐", "健仁小區3號樓樓道有人給電動車飛線充電")
    story.hears("陳小姐", "已登記", "A0001")
    story.hears("第二网格工作群", "电动车")


def test_an_approved_answer_comes_with_source_and_date(story: Story) -> None:
    story.says("王大爷", "居住证怎么办")
    story.hears("王大爷", "来源", "审定", "仅供参考")
    assert story.cases() == []
    story.says("王大爷", "没听懂")
    assert len(story.heard("王大爷")[0]) < 90


@pytest.mark.parametrize("words", ["", "😤", "\u200b\u0000", "啊" * 3000, "。。。"])
def test_odd_texts_are_answered_politely_and_open_nothing(story: Story, words: str) -> None:
    story.says("王大爷", words)
    assert len(story.heard("王大爷")) == 1
    assert story.cases() == []


def test_a_voice_without_text(story: Story) -> None:
    story.speaks("王大爷", "")
    story.hears("王大爷", "打几个字")
    story.speaks("王大爷", "健仁小区5号楼门口路灯坏了")
    assert len(story.cases()) == 1


def test_a_resident_typing_a_workers_word(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.says("李大妈", "接单 A0001")
    story.hears("李大妈", "工作人员的操作", "查进度")
    assert story.case().state is State.ASSIGNED


def test_two_take_one_case(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.says("li", "接单 A0001", into="jr-2-work")
    story.says("zhao", "接单 A0001", into="jr-2-work")
    story.hears("第二网格工作群", "已由李明接单")
    assert story.case().lead_person == "li"


def test_a_half_finished_talk_survives_a_restart(story: Story) -> None:
    story.says("王大爷", "有人在楼道里给电动车飞线充电")
    made = product()
    again = Story(Stage(story.stage.store, made.present(), story.stage.clock, {}))
    again.says("王大爷", "健仁小区三号楼")
    assert again.case().where.building == "3号楼"


def test_the_resident_hears_when_the_clock_acts(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼楼道有人飞线充电")
    story.passes("5h")
    story.hears("王大爷", "A0001", "往上提一级")
    assert story.case().level != "grid"
