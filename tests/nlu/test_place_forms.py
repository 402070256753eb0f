"""Knows how residents tell places: names of unknown endings, chains of parts, labels, looks, and what is cut off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.placewords import PlaceWords
from nlu.reading import Reader
from nlu.slots import Slots

READER = Reader()
WORDS = PlaceWords()
SLOTS = Slots(WORDS)


def places(text: str) -> list[str]:
    return [span.text for span in SLOTS.find(text, READER.read(text).plain) if span.kind == "place"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("紫竹岗那头的路灯灭了", ["紫竹岗那头"]),
        ("谁管荷叶池那边的路灯", ["荷叶池那边"]),
        ("阿婶住梧桐里，耳朵背", ["梧桐里"]),
        ("我在云溪谷住，老断网", ["云溪谷"]),
        ("租的房子在锦绣天成，押金不退", ["锦绣天成"]),
        ("小区叫做东方曼哈顿，物业不管", ["东方曼哈顿"]),
        ("锦江花城，外墙脱皮", ["锦江花城"]),
        ("中建国际城二期的围挡倒了", ["中建国际城二期"]),
        ("爱民楼西梯没灯", ["爱民楼西梯"]),
        ("七里河桥南头第一家五金店门口", ["七里河桥南头第一家五金店门口"]),
        ("在客运中心等车", ["客运中心"]),
        ("我住朋友家，他在外地", []),
        ("房子是住宅，居住证没办", []),
        ("大家都要进城了", []),
    ],
)
def test_names_without_a_known_ending(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("邮局往东走五十米，树倒了", ["邮局往东走五十米"]),
        ("加油站过去两百米有个坑", ["加油站过去两百米"]),
        ("从红星路拐进去第二个巷子，臭水", ["红星路拐进去第二个巷子"]),
        ("戏台进去左手第三条巷子口", ["戏台进去左手第三条巷子口"]),
        ("卫生室往西第三个十字路口西北角", ["卫生室往西第三个十字路口西北角"]),
        ("9栋和10栋中间那条过道停满了", ["9栋和10栋中间那条过道"]),
        ("5号楼到6号楼之间的空地种了菜", ["5号楼到6号楼之间的空地"]),
        ("菜场后门口那条水沟臭死了", ["菜场后门口那条水沟"]),
        ("粮管所背后的那家裁缝铺子吵", ["粮管所背后的那家裁缝铺子"]),
        ("供电所对面那家，养了几十只鸡", ["供电所对面那家"]),
        ("茶樓後門轉右嗰條橫巷", ["茶樓後門轉右嗰條橫巷"]),
        ("酒厂宿舍最后一排没水", ["酒厂宿舍最后一排"]),
        ("水产大厅卖虾皮的第二排9号摊", ["水产大厅卖虾皮的第二排9号摊"]),
        ("图书馆台阶上坐着个人", ["图书馆台阶上"]),
        ("鱼塘边的水泵漏电", ["鱼塘边"]),
        ("解放路上的梧桐树该修剪了", ["解放路上"]),
        ("省道303线36公里处，护栏撞坏", ["省道303线36公里处"]),
        ("105路终点站旁边那个公厕没水", ["105路终点站旁边那个公厕"]),
        ("西关大街中段路北，招牌要掉", ["西关大街中段路北"]),
        ("彩票店旁边的小巷子没灯", ["彩票店旁边的小巷子"]),
    ],
)
def test_chains_of_parts(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("房号是9-1602，业主姓佘", ["9-1602"]),
        ("門牌22-3-501，水表不走", ["22-3-501"]),
        ("我家7-902，物业不管", ["7-902"]),
        ("地址 阳光海岸3期12座2104", ["阳光海岸3期12座2104"]),
        ("和顺苑B3-1704，改一下", ["和顺苑B3-1704"]),
        ("云鹤名邸三期B2", ["云鹤名邸三期B2"]),
        ("看一下A区5排11号，墙裂了", ["A区5排11号"]),
        ("位置C区桩号12", ["C区桩号12"]),
        ("海景大厦9/F C室", ["海景大厦9/F C室"]),
        ("叶家宅 52 弄 3 支弄底", ["叶家宅 52 弄 3 支弄底"]),
        ("以前是柳树巷甲7", ["柳树巷甲7"]),
        ("江海大道中15號對面士多", ["江海大道中15號對面士多"]),
        ("403对门的鞋柜", ["403对门"]),
        ("1802楼上那家，一直漏", ["1802楼上那家"]),
        ("青年公寓502没水", ["青年公寓502"]),
        ("搬不动，五楼，没电梯", ["五楼"]),
        ("一共转了2-300块", []),
        ("7座面包车", []),
        ("这学期1-2000人", []),
    ],
)
def test_numbers_of_doors(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("就是那个卖豆花的旁边", ["卖豆花的旁边"]),
        ("修伞的隔壁的隔壁", ["修伞的隔壁的隔壁"]),
        ("开锁的隔壁冒烟", ["开锁的隔壁"]),
        ("就那个修鞋的对面", ["修鞋的对面"]),
        ("外墙刷成蓝色的那栋", ["外墙刷成蓝色的那栋"]),
        ("屋顶铺绿瓦的那幢，往下扔烟头", ["屋顶铺绿瓦的那幢"]),
        ("关着门的那家", []),
    ],
)
def test_places_told_by_trade_or_looks(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("备注23栋", ["23栋"]),
        ("再说一遍西门菜场里边", ["西门菜场里边"]),
        ("麻烦来一趟丽景天城5幢", ["丽景天城5幢"]),
        ("建国路和三纬路路口的红绿灯不亮", ["建国路和三纬路路口"]),
        ("卫生院隔壁卖花的李婶", ["卫生院隔壁"]),
        ("石桥底下那口井", ["石桥底下"]),
        ("放学路上有人跟着", []),
        ("钥匙掉在路上了", []),
    ],
)
def test_what_is_cut_off(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("五栋，不是十五栋！五栋一单元顶楼", ["五栋一单元顶楼"]),
        ("我说的不是东门，是东北门", ["东北门"]),
        ("不是3号楼", ["3号楼"]),  # nothing else is told: better than nothing
        ("卫生院隔壁，摊摆到马路上", ["卫生院隔壁"]),
        ("车停在马路上", ["马路上"]),
        ("马路边，人行道上", ["马路边"]),
        ("3号楼门口，就是3号楼", ["3号楼门口"]),
    ],
)
def test_what_others_make_needless(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("文化街那个丁字路口红绿灯坏了", ["文化街那个丁字路口"]),
        ("江南府8号楼三单元电梯困人", ["江南府8号楼三单元"]),
        ("南苑小学那个配电箱门开着", ["南苑小学"]),
        ("幼儿园滑梯断了", ["幼儿园"]),
        ("二单元门禁坏了", ["二单元"]),
        ("垃圾桶旁边有死猫", ["垃圾桶旁边"]),
        ("绿洲花园秋千那里有钉子", ["绿洲花园秋千那里"]),
        ("小南河那排柳树掉枝子", ["小南河"]),
        ("东河头那个变压器嗡嗡响", ["东河头"]),
        ("黄土岗那片空地有人烧火", ["黄土岗那片空地"]),
        ("超市门口那块石板翘了", ["超市门口"]),
        ("后门的岗亭没人", ["后门的岗亭"]),
        ("偷挖地下室", []),
        ("太阳湖牌的电饭煲", []),
        ("楼上楼下都挺好，走到绝路了", []),
    ],
)
def test_things_and_what_tells_where_they_are(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("锦绣小区南门和北门都没人", ["锦绣小区南门和北门"]),
        ("玉兰苑3栋和4栋楼下有烟头", ["玉兰苑3栋和4栋楼下"]),
        ("在水文站和老渡口之间", ["水文站和老渡口之间"]),
        ("二路口到三中那截没灯", ["二路口到三中那截"]),
        ("三组晒谷场东边 五组水塔底下 没清", ["三组晒谷场东边", "五组水塔底下"]),
        ("9#楼顶层漏水", ["9#楼顶层"]),
        ("B1层靠近货梯那边没灯", ["B1层靠近货梯那边"]),
        ("地铁五号线柳林站2号口没灯", ["地铁五号线柳林站2号口"]),
        ("北大街101-2号门面换人了", ["北大街101-2号门面"]),
        ("5-1201半夜拉琴", ["5-1201"]),
        ("梧桐弄8号二层阁漏雨", ["梧桐弄8号二层阁"]),
        ("江湾一号3座大堂没灯", ["江湾一号3座大堂"]),
        ("华联商厦消防出口堆了货", ["华联商厦消防出口"]),
        ("自行车棚最里头那排没电", ["自行车棚最里头那排"]),
        ("9栋后面那家带院子的，太吵", ["9栋后面那家带院子的"]),
        ("七里店往县城走过了铁路桥右手边那个坑", ["七里店往县城走过了铁路桥右手边那个坑"]),
        ("地下商场B区15号铺关门了", ["地下商场B区15号铺"]),
        ("双龙村二社，没水", ["双龙村二社"]),
        ("文化宫站B口雨棚漏", ["文化宫站B口"]),
        ("从向阳院走丢的", ["向阳院"]),
        ("老火车站旧址要拆", ["老火车站旧址"]),
        ("修一座大桥", []),
    ],
)
def test_what_belongs_to_one_place(text: str, found: list[str]) -> None:
    assert places(text) == found


@given(st.text(alphabet="一三九1390-a/小区里路口卖的旁边号楼那家在住我不是，外墙栋桩位上往东走米第个巷") | st.text())
def test_places_are_stretches_in_order(text: str) -> None:
    found = WORDS.find(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert all(before[2] <= after[1] for before, after in zip(found, found[1:], strict=False))
    assert set(WORDS.settled(text, found)) <= set(found)
    assert bool(WORDS.settled(text, found)) == bool(found)
