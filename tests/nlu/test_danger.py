"""Knows families of danger in people's own words, type by type, and what only sounds like each of them."""

from __future__ import annotations

import pytest

from nlu.gate import Gate
from nlu.reading import Reader

GATE = Gate()
READER = Reader()

MEDICAL = """
    我姥爷靠在沙发上，怎么推都没反应
    老伴儿脸色煞白，一直冒冷汗，胸口疼得厉害
    楼下修鞋的师傅一头栽在地上，血流了一地
    娃娃烧到四十一度，刚才抽了一下
    我闺女误喝了洗洁精，嘴里全是泡
    奶奶早上起床半边身子不听使唤，话也讲不利索
    嬸嬸在廚房跌倒，後腦勺腫了，一直想吐
    他吃了花生，嘴唇肿得老高，喘不上气
    张大爷三天没下楼，敲门没人应
    氧气瓶没气了，我爸嘴唇发紫
    工友手指被锯断了，血往外喷
    我媳妇羊水破了，八个月
    脸青了
"""
FIRE = """
    对门阳台的被子烧起来了
    电表箱噼里啪啦冒火星，都黑了
    地下车库里的电动车着了，烟往楼上灌
    山坡上的荒草烧着呢，风往村里刮
    插座冒烟，一股糊味，越来越呛
    三樓廚房的油鍋著火，關不掉
    楼道全是黑烟，下不去了
    仓库那边红彤彤的，噼啪响
    充电宝鼓起来了，嘶嘶冒烟
    车开着开着引擎盖冒烟，现在有火苗
    火顺着窗帘往上窜
    灭不掉
"""
GAS = """
    厨房灶台边上味道很冲，闻着头晕
    煤气罐的阀门关不上，嘶嘶往外漏
    老乡屋里烧炭，两口子喊不醒
    施工队把燃气管挖断了
    燃气报警器一直响，屋里有味
    瓦斯漏氣，味道好重
    洗澡洗到一半，热水器那边熏得我恶心站不住
    满楼道的煤气味，开窗也散不掉
    灶没关，出门半天了，回来一屋子煤气味
    表后面的软管让老鼠咬了，滋滋漏气
    俩工人下了化粪池，叫也叫不应
    煤气露了
"""
TRAPPED = """
    货梯停在半中间，里面有两个人出不来
    我在电梯里，按铃没人应
    小孙子的手指卡在滑梯缝里拔不出来
    有个男孩掉进水沟里，爬不上来
    土方塌了，把挖沟的师傅埋到腰
    厕所门反锁了，两岁的娃在里头哭
    老太太被洪水困在房顶下不来
    清洗外墙的吊篮歪了，人悬在半空
    我爹掉菜窖里了，喊了一声就没动静
    小朋友鎖在車裡，臉都紅了
    大货车翻沟里了，司机压在下面出不来
    冰面裂了，有人掉下去了
"""
POLICE = """
    有人拎着砍刀在烧烤摊追人
    一个男的在撬我家门锁，我一个人不敢出声
    刚给“客服”转了两万，现在把我拉黑了
    后面有个人跟着我一路了，我躲进便利店
    楼下两伙人打起来了，拿酒瓶砸头
    我妈在银行要给“公安”转账，拦不住
    有賊入屋，我匿喺床底
    男的把一个姑娘往面包车里拖
    他拿汽油泼在店门口，说要点
    我女儿被人堵在巷子里，电话里哭
    出租屋里的人不让我走，手机和身份证都收走了
    抢包了，往菜场那边跑了
"""
MISSING = """
    小孙女在超市一转身就不见了
    我奶奶糊涂，下午出门到现在没回来
    儿子放学没到家，问了同学都说早走了
    女儿跟我吵架跑出去，手机关机一夜了
    爷爷说去赶早集，天都黑了还没回来，不认识路
    阿婆行失咗，佢有腦退化
    俺娘走丢了，穿着拖鞋出去的
    弟弟脑子不好，翻墙跑出去找不到了
    捡到个小男孩，三四岁，说不清家在哪
    老公进山采药，两天没消息，电话打不通
    双胞胎里的小的不见了，找遍了小区
    孩子丢了
"""
DISASTER = """
    河水漫进屋里，已经到膝盖了
    后山在往下滚石头，底下就是我们家
    老房子的墙歪了，里面还住着人
    台风把铁皮屋顶掀了，砸在人家门口，有人压着
    水庫的壩裂了，水往外沖
    地震了，柜子都倒了
    大树倒下来压住一辆车，里面有人
    山洪下来了，桥冲断了
    一楼全淹了，奶奶站在床上
    工地的脚手架垮了，好几个人在底下
    泥石流把路埋了，车上的人出不来
    路面突然塌了个大坑，一辆车掉下去了
"""
DV = """
    老公喝了酒又打我，我锁在卫生间里
    他掐我脖子，孩子吓得直哭
    隔壁男的在打老婆，女的一直惨叫
    前夫拿刀堵在门口，说要跟我同归于尽
    我爸拿皮带抽我妈，快来
    佢又郁手打我，我匿喺廁所
    他抓我头发往墙上撞
    女婿把我闺女打得鼻青脸肿，不让出门
    婆婆和他一起打我，我跑出来了不敢回去
    儿子喝多了打他娘，拉不住
    他说我敢离婚就砍死我全家
    他又动手了，我脸上都是血
"""
SELF_HARM = """
    我不想活了
    楼顶上坐着个女孩，脚在外面
    同学发了遗书，电话关机
    我把安眠药都吃了，对不起
    桥上有个男的翻过栏杆了，要往下跳
    活著好累，想一了百了
    她割腕了，血止不住
    我走了，别找我，猫托你们照顾
    女儿把自己反锁在屋里，说不想活
    他在房里烧炭，门从里面锁了
    老伴走了以后他攒了一抽屉安眠药
    窗开着，我站在边上，再见了
"""
MINOR = """
    隔壁后妈拿衣架打孩子，哭得撕心裂肺
    垃圾桶旁边的纸箱里有个婴儿
    四岁的娃一个人在家，趴在窗台上哭
    几个高年级的把我儿子堵在厕所逼他下跪
    补习班老师摸我女儿，还不让她说
    孩子被拴在床腿上，身上全是烟头烫的疤
    有個小朋友被鎖在車裡，沒有大人
    爸妈三天没回来，我和弟弟没饭吃
    不认识的男人要把小女孩拉上车
    舅舅摸我
    亲爹把娃吊在树上打
    水库边几个小孩在游泳，没大人看着
"""
TRUE = {
    "medical": MEDICAL, "fire": FIRE, "gas": GAS, "trapped": TRAPPED, "police": POLICE, "missing": MISSING,
    "disaster": DISASTER, "dv": DV, "self_harm": SELF_HARM, "minor": MINOR,
}  # fmt: skip


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, block in TRUE.items() for text in lines(block)])
def test_hears_each_family(kind: str, text: str) -> None:
    verdict = GATE.judge(READER.read(text).speech)
    assert kind in verdict.types
    assert verdict.fired


@pytest.mark.parametrize("kind", TRUE)
def test_every_type_is_told_apart(kind: str) -> None:
    """The most pressing type is the one meant in most sentences, else help is sent for something else."""
    named = [GATE.judge(READER.read(text).speech).emergency_type for text in lines(TRUE[kind])]
    assert named.count(kind) / len(named) > 0.6  # noqa: PLR2004
