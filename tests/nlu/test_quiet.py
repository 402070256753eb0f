"""Knows what only sounds like danger: questions, paperwork, jests, stories, what is over, things and animals."""

from __future__ import annotations

import pytest

from nlu.gate import Gate
from nlu.reading import Reader

GATE = Gate()
READER = Reader()

NEAR = {
    "medical": """
        献血车这周来不来广场
        我爸中风三年了，想申请护理补贴
        笑到肚子疼，你这机器人真逗
        昨天被狗咬的那位已经打完针回家了
        社区的急救课还招人吗
        小猫从阳台摔下来腿断了，哪有宠物医院
        手机摔了一下屏幕裂了，哪里能修
        楼上天天吵，吵得我头要炸
        家里药吃完了，社区医院能开吗
    """,
    "fire": """
        楼道里堆着纸箱，哪天烧起来跑都跑不掉
        油锅着火能不能用水浇
        路灯烧了两盏，晚上黑
        去年厨房着过火，现在想重新办房产证
        棋牌室里打得热火朝天，吵
        楼下烧烤摊的烟老往家里飘
        灶打不着火了，换了电池也不行
        我家孩子画的房子着火得了一等奖
        烟花爆竹能不能在小区放
    """,
    "gas": """
        煤气软管用了八年，要不要换
        养猪场的沼气味，一刮风就飘过来
        燃气费怎么在手机上缴
        报警器没电了，滴滴响，换电池找谁
        灶具店说漏气是我自己装的，不给退
        轮胎漏气了，附近有没有修车的
        上次报的煤气味那单修好了，五星
        预防一氧化碳中毒的讲座几点
    """,
    "trapped": """
        电梯停了，里面没人
        手机掉沙发缝里卡住了
        被数学题困住了，救救我
        电梯困人四次了，什么时候大修
        密室逃脱卡在第二关出不去
        小狗卡在栏杆里了
        困人事故的整改报告出来没有
        车被堵在里面出不去，挪车电话多少
    """,
    "police": """
        砍价砍到一半，帮我点一下
        大家拿砖头占着车位，你们管管
        儿子抢了我的零食，哈哈哈
        昨天有人打架，警察来过，已经散了
        接到骗子电话说我涉案，我没理
        前年被抢的案子立案没有
        微信里骂人要判几年
        悬疑片里有杀人那段太吓人
    """,
    "missing": """
        失踪满两年可以宣告吗
        我的一只袜子又离家出走了
        防走失手环怎么领
        走失的老人昨晚已经找到了，谢谢
        小狗跑丢了两天
        建议给老人发定位卡，走丢了好找
        快递丢了，保安说没看见
        老板跑了，工资没发
    """,
    "disaster": """
        老屋塌了半间，两兄弟争着要地
        地震来了应该往哪躲
        洪水退了，街上全是泥没人扫
        楼上漏水把我家吊顶泡了
        工作群消息太多，像泥石流
        一下雨路口就积水
        墙上有条裂缝好几年了
        防汛演练几号
    """,
    "dv": """
        家暴的保护令怎么申请
        婆婆包的饺子好吃到打我也不放
        让他打我座机，手机没电
        我老公打呼噜，吵得睡不着
        小品里老婆扇老公耳光那段删了吧
        儿子打篮球扭了脚，好了
        猫天天打狗
        离婚冷静期是多久
    """,
    "self_harm": """
        跳楼价清仓，只剩三天
        热得想死，空调什么时候修
        减肥第二天，不想活了哈哈开玩笑的
        楼顶有人种菜，漏水
        心理热线招不招志愿者
        自杀式低价，童叟无欺
        退休了，终于解脱了
        想死你了，什么时候回来
    """,
    "minor": """
        给孩子打疫苗要带什么
        孩子被老师留下来写作业
        儿子说我虐待他，就因为不让吃糖
        小学几点放学
        楼上孩子天天跑，咚咚响
        孩子一个人在家上网课，流量不够
        捡到弃婴的法条是哪一条
        给娃绑鞋带的视频发我
    """,
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, line.strip()) for kind, block in NEAR.items() for line in block.strip().splitlines()]
)
def test_near_danger_is_quiet(kind: str, text: str) -> None:
    assert GATE.judge(READER.read(text).speech).types == (), kind


GUARDED = [
    ("jest", "哈哈我被家里的被子困住了"),
    ("lawbook", "楼上掉东西砸到人，民法典哪条"),
    ("paper", "大棚叫雪压塌了，农业险找谁"),
    ("idea", "建议给走失老人发手环"),
    ("file", "电梯困人那单的处理结果出来没"),
    ("feared", "这么多电动车，哪天烧起来怎么得了"),
    ("notso", "罐子没漏，就是旧了，煤气味也没有"),
    ("staged", "密室里被困住了"),
    ("hyperbole", "被甲方折磨得想跳楼"),
    ("elsewhere", "隔壁市那个厂着火了"),
    ("repeated", "电表箱有时候着火花，一闪一闪"),
    ("over", "着火了，已经扑灭了"),
    ("drill", "演习的时候有人喊着火了"),
    ("hypothetical", "如果老人晕倒了怎么办"),
    ("unreal", "电视剧里有人跳楼了"),
    ("likeness", "客厅乱得像地震了似的"),
    ("animal", "小猫卡在树上下不来了"),
    ("advert", "跳楼价清仓，要跳楼了"),
]


@pytest.mark.parametrize(("guard", "text"), GUARDED)
def test_says_what_speaks_against(guard: str, text: str) -> None:
    verdict = GATE.judge(READER.read(text).speech)
    assert verdict.types == ()
    assert guard in verdict.guards


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("fire", "去年着过一次，现在又着火了"),
        ("medical", "昨天还好好的，现在叫不醒了"),
        ("trapped", "电梯天天坏，现在我被困在里面"),
        ("gas", "上次说没事，今天煤气味更大了，头晕"),
    ],
)
def test_now_is_stronger_than_then(kind: str, text: str) -> None:
    assert kind in GATE.judge(READER.read(text).speech).types
