"""Dialogues of questions: approved answers with source and date, a person where there is none, mediation, petition."""

from __future__ import annotations

from handlers.cases import State
from tests.handlers.room import DESK, Room


def test_a_question_about_the_law_is_answered_with_source_and_date() -> None:
    room = Room()
    room.says("zhang", "加班费怎么算")
    heard = room.heard("zhang")
    assert room.rules.knowledge.answers["overtime"].text in heard
    assert "来源" in heard
    assert "智能回复，仅供参考" in heard
    assert room.memory.all.cases == {}
    (answered,) = room.effects.answered
    assert (answered.duty, answered.answer, answered.person) == ("legal_policy", "overtime", "zhang")


def test_an_expired_answer_is_never_given() -> None:
    room = Room()
    expires = room.rules.knowledge.answers["overtime"].expires
    year = int(expires[:4])
    room.now = room.now.replace(year=year + 1)
    room.says("zhang", "加班费怎么算")
    assert "来源" not in room.heard("zhang")
    assert room.case().duty == "legal_policy"


def test_no_approved_answer_to_a_question_of_law_means_a_person() -> None:
    room = Room()
    room.says("zhang", "宅基地法怎么规定的")
    assert "没有现成的准确答案" in room.heard("zhang")
    assert room.case().lead == "justice_office"


def test_no_approved_answer_about_the_world_offers_to_record_it() -> None:
    room = Room()
    room.ear.teach("健仁小区3号楼路灯归谁管", "public_facilities", item="street_lamp", demand="consult")
    room.says("zhang", "健仁小区3号楼路灯归谁管")
    assert "要登记下来" in room.heard("zhang")
    assert room.memory.all.cases == {}
    room.says("zhang", "要")
    assert room.case().item == "street_lamp"
    assert room.case().where.building == "3号楼"


def test_recording_may_be_declined() -> None:
    room = Room()
    room.ear.teach("路灯归谁管", "public_facilities", item="street_lamp", demand="consult")
    room.says("zhang", "路灯归谁管")
    room.says("zhang", "取消")
    assert "随时" in room.heard("zhang")
    assert room.memory.all.cases == {}


def test_service_is_answered_and_done_on_request() -> None:
    room = Room()
    room.says("zhang", "居住证怎么办")
    assert "来源" in room.heard("zhang")
    room.ear.teach("帮我代办居住证", "service_agency", item="residence_permit", demand="help")
    room.says("zhang", "帮我代办居住证")
    assert room.case().lead == "service_hall"


def test_a_suggestion_about_the_law_is_kept_as_an_opinion() -> None:
    room = Room()
    room.ear.teach("养老法应该改一改", "legal_policy", item="family_law", demand="suggest")
    room.says("zhang", "养老法应该改一改")
    assert room.case().duty == "public_opinion"
    room.ear.teach("志愿活动应该多办些", "volunteer_coengagement", item="activity", demand="suggest")
    room.says("zhang", "志愿活动应该多办些")
    assert room.case("A0002").duty == "public_opinion"


def test_who_asks_for_a_lecture_gets_a_case_and_not_an_answer() -> None:
    room = Room()
    room.says("zhang", "想请人来小区办普法讲座")
    assert room.case().item == "lecture"
    assert "没有现成的" not in room.heard("zhang")


def test_a_wish_to_take_part_goes_to_who_approves_it() -> None:
    room = Room()
    room.says("zhang", "我想当志愿者")
    assert room.case().lead == "party_office"


def test_a_quarrel_is_confidential_and_mediation_is_offered() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼邻居养狗整夜叫")
    assert "免费、自愿" in room.heard("zhang")
    assert room.case().confidential
    assert not [one for one in room.sent if one.letter.to in room.rules.town.groups]
    assert "A0001" in room.heard("li"), "each of the lead's people in private"
    room.says("zhang", "愿意")
    assert "征得对方同意" in room.heard("zhang")
    assert room.history()[-1].facts["consent"] == "mediate_yes"


def test_mediation_declined_is_kept_and_not_pressed() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    room.says("zhang", "先不用")
    assert "照常跟进" in room.heard("zhang")
    assert "mediate" not in room.asked("zhang")
    assert room.history()[-1].facts["consent"] == "mediate_no"


def test_consent_reaches_those_who_could_mediate_and_who_does() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    room.says("zhang", "愿意")
    assert "愿意调解" in room.heard("wang")
    room = Room()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    room.says("wang", "接单 A0001")
    room.says("zhang", "愿意")
    assert "愿意调解" in room.heard("wang")


def test_mediation_is_offered_after_the_place_is_known() -> None:
    room = Room()
    room.says("new", "邻居养狗整夜叫")
    assert "在哪里" in room.heard("new")
    assert "调解" not in room.heard("new").replace("矛盾纠纷化解", "")
    room.says("new", "健仁小区3号楼")
    assert "免费、自愿" in room.heard("new")


def test_a_question_about_quarrels_is_answered_and_then_offered() -> None:
    room = Room()
    room.ear.teach("养狗扰民怎么规定", "dispute_mediation", item="neighbour_noise", demand="consult")
    room.says("zhang", "养狗扰民怎么规定")
    assert "来源" in room.heard("zhang")
    assert "想请调解员帮忙" in room.heard("zhang")
    assert room.memory.all.cases == {}


def test_a_question_about_quarrels_without_an_answer_opens_nothing_by_itself() -> None:
    room = Room()
    room.ear.teach("邻居种菜归谁管", "dispute_mediation", item="neighbour_noise", demand="consult")
    room.says("zhang", "邻居种菜归谁管")
    assert room.memory.all.cases == {}
    room.says("zhang", "要")
    assert room.case().duty == "dispute_mediation"


def test_a_petition_is_confidential_and_calm() -> None:
    room = Room()
    room.says("guo", "我们约好明天一起去市里反映拆迁的事")
    heard = room.heard("guo")
    assert "由专人跟进" in heard
    assert "信访接待窗口" in heard
    case = room.case()
    assert (case.item, case.colour, case.confidential, case.state) == ("petition", "red", True, State.ASSIGNED)
    assert not [one for one in room.sent if one.letter.to in room.rules.town.groups]
    assert "A0001" in room.heard("chen")
    assert "去市里" not in room.heard("chen")


def test_how_to_petition_is_a_question() -> None:
    room = Room()
    room.ear.teach("请问怎么信访", "petition", demand="consult")
    room.says("guo", "请问怎么信访")
    assert "来源" in room.heard("guo")
    assert room.memory.all.cases == {}
    assert room.to(DESK) == []
