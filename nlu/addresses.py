"""Knows how addresses are written: 3号楼2单元501, 5-3-1102, 三排顶头一间, 长江路112弄6支弄3号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.heads import beginnings

Stretch = tuple[int, int, str]

_HAN = "零〇一二两三四五六七八九十百"
_NUMBER = rf"(?:\d{{1,4}}|[{_HAN}]{{1,4}})"
_DASH = "[-—–]"
_HOUSE = re.compile(
    rf"[东西南北中]?"
    rf"(?: ?[甲乙丙]?{_NUMBER}(?:-\d{{1,2}}(?=号))? ?(?:号院|支弄|弄|号|巷|组|队)(?:之{_NUMBER})?){{1,3}}(?![线楼店])"
    r"(?: ?\d{3,4}室?(?![\d元块米平路]))?|[甲乙丙]\d{1,3}(?!\d)"
)
_HOUSE_HEADS = beginnings(_HOUSE.pattern)
_REST = rf"(?:(?<=\d)\d{{0,3}}|(?<=[{_HAN}])[{_HAN}]{{0,3}}|(?<=[a-z])\d{{0,2}}|)"
_HEAD = rf"[\d{_HAN}a-z甲乙丙丁](?<!\d.){_REST}"  # the class first: so the texts are run through fastest
_NO_BLOCK = "(?![面轿商车客位人桥山体医学城房寺庙公水广天古厂校新老]|电(?!梯)|大(?![堂厅]))"  # 一座大桥, 7座面包车
_MISHEARD = rf"动(?={_NUMBER}(?:单元|楼|层|室|门)|\d{{3,4}}(?!\d)|门口|楼下|楼道)"  # 栋, written as it sounds
_DOORWAY = "号(?:出入?|进站|出站)?口(?![子头])|号(?:铺|摊|仓|桩|泊位)(?!子)"  # of a station, of a market
_SURE = rf"号楼|栋楼?|幢楼?|座{_NO_BLOCK}|{_MISHEARD}|#楼?|号院|单元|支弄|弄(?!堂)|室|{_DOORWAY}|层阁(?!楼)"
_ROWS = "区|趟房|排|家|间|户|铺|档|摊|车位"
_LOOSE = f"楼半|社(?![区会保团交工])|号门|层楼|号|巷|街坊|组|队|期|门|梯|楼|层|/f|房(?![子间东屋产价租贷])|{_ROWS}"
_MORE = (
    rf"(?: ?(?:地下)?(?!两[家户间])[第负甲乙丙丁戊]?(?:{_NUMBER}|[a-z]\d{{0,2}}"
    rf"|[甲乙丙丁戊东西南北中])(?:{_SURE}|{_LOOSE})"
    rf"|桩号 ?[a-z]?\d{{1,4}}|车位 ?[a-z]?\d{{1,4}}|(?<=期)[a-z]\d{{1,2}}(?!\d)"
    rf"|{_DASH}\d{{1,3}}(?:{_DASH}\d{{1,4}})?(?![\d-]))"
)
_ROOM = rf" ?(?:\d{{3,4}}(?:室|房)?(?![\d元块米平])|[{_HAN}]{{3,4}}(?:室|房)?|{_NUMBER}(?:室|房(?![子间东屋产价租贷])))"
_BARE_ROOM = re.compile(
    r"(?:\d{3,4}(?:室|房)?|\d{1,2}-\d{1,3}(?![月日点层楼天座单]))(?![\d.元块米平年个号户人多栋幢路-])"
)
_DOOR = "(?:[东西中左右](?:边户|户|手|边那户))?"
_SURE_ADDRESS = re.compile(
    rf"{_HEAD}(?: ?(?:{_SURE}|号门)(?!{_NUMBER}?[谈面位])|(?<=\d){_DASH}\d{{1,3}}{_DASH}\d{{1,4}}(?![\d-])"
    rf"|(?<=\d){_DASH}\d{{3,4}}(?=室|房)"
    r"|号(?:电梯厅?|道闸|窗口|充电桩|泵房|车棚|岗亭|垃圾房|闸|桥|库|出口|入口|仓库|厂房|教学楼))"
    rf"(?:{_MORE})*(?:{_ROOM})?{_DOOR}"
)
_FLOOR = re.compile(
    rf"[\d{_HAN}](?:(?<=\d)\d?|[{_HAN}]{{0,2}})(?:楼|层(?=楼道|走廊|电梯))(?![上下长梯道盘市主房层])(?:[甲乙丙丁戊东西]门(?![口外]))?"
)
_TAIL = re.compile(
    rf"[\d{_HAN}a-z甲乙丙丁车桩](?<!\d.)(?:{_REST}(?:期(?![间望待限末货])(?:{_MORE})*|(?:{_LOOSE})(?P<more>(?:{_MORE})*)(?:{_ROOM})?"
    r"(?=[^\u4e00-\u9fff]|$|[东西南北顶门后前旁隔楼里的底拐尽头围中对进左右过靠到和跟也、]|有))"
    rf"|(?<=[a-z])\d?(?:层|区)(?:{_MORE})*"
    r"|(?<=\d)\d?[a-f](?![a-z\d])"
    r"|(?<=[a-z])(?P<hall>\d{1,2}(?:厂房|库房|车间|展馆|馆))"
    r"|(?<![零〇一二三四五六七八九十].)(?P<han>[一二三四五六七八九十]?〇[一二三四五六七八九])(?![零〇一二三四五六七八九十年中路医厂所研])"
    r"|(?:(?<=\d)\d{0,3}|(?<=[a-z])\d{1,3})车位|(?:(?<=车)位|(?<=桩)号) ?[a-z]?\d{1,4}"
    r"|(?<![\u4e00-\u9fff\d].)"
    r"(?P<flat>\d?-(?:[1-9]|[1-3]\d)(?:0[1-9]|1[0-2]))(?=[\u4e00-\u9fff,;。!? ]|$)(?![元块米个人到至年号])"
    rf"|(?:(?<=\d)\d{{0,2}}|(?<=[a-z])\d{{0,2}}){_DASH}\d{{3,4}}(?![\d元块米个-])"
    r"|(?<=[1-9])(?P<door>\d{2,3})(?=(?:家|室)?的?(?:楼上|楼下|对门|隔壁|门口|家门口)))"
)
_SIGNS = frozenset("动阁栋幢座单#号弄室-—–")
_WEAK_SIGNS = frozenset("〇/号巷坊组队社期门梯楼层房区排家间户铺档位摊桩-—–隔对")
_TAIL_SIGNS = _WEAK_SIGNS | frozenset("厂馆abcdef")  # and those of halls and flats: B12厂房, 9C
_BEFORE_FLOOR = frozenset("和跟与在住是")
_ONLY_BEHIND_DOORS = frozenset("隔对")
_ALL_SIGNS = re.escape("".join(sorted((_SIGNS | _WEAK_SIGNS) - _ONLY_BEHIND_DOORS)))
_ORDINAL = frozenset("第负甲乙丙丁戊")
_SUREST = ("place", "anchor", "tail")
_ANY = re.compile(
    rf"[\d{_HAN}a-z甲乙丙丁戊东西南北中位桩](?:(?<![位桩]) ?[\d{_HAN}a-z]{{0,3}} ?[{_ALL_SIGNS}]"
    r"|(?<=[a-z])\d{1,2}[厂库车展馆]|(?<=\d)[a-f](?![a-z\d])|(?<=[位桩]) ?号? ?[a-z]?\d"
    r"|(?<=\d)\d{2}家?的?[楼对隔门])"
)


def addresses(text: str) -> list[Stretch]:
    """The addresses: a building is a place by itself; a floor, 3号 or 第三家 only behind a name."""
    if not _ANY.search(text):
        return []
    found: list[Stretch] = []
    if not _SIGNS.isdisjoint(text):
        found += [(_with_ordinal(text, one.start()), one.end(), "place") for one in _SURE_ADDRESS.finditer(text)]
    if "楼" in text or "层" in text:
        found += [
            (_with_ordinal(text, one.start()), one.end(), _floor(text, *one.span())) for one in _FLOOR.finditer(text)
        ]
    if not _TAIL_SIGNS.isdisjoint(text):
        found += [(_with_ordinal(text, one.start()), one.end(), _tail(one)) for one in _TAIL.finditer(text)]
    return list(_whole(found)) if len(found) > 1 else found


def house_number(text: str, end: int) -> int:
    """Where a road's name ends together with the number of a house on it."""
    house = _HOUSE.match(text, end) if text[end : end + 1] in _HOUSE_HEADS else None
    return house.end() if house else end


def room_number(text: str, end: int) -> int:
    """Where an estate's name ends together with the room that is said of it: 青年公寓502."""
    room = _BARE_ROOM.match(text, end) if text[end : end + 1].isdigit() else None
    return room.end() if room else end


def _whole(found: list[Stretch]) -> Iterator[Stretch]:
    """What overlaps, as one: 3期12座2104 is a building, and it begins with the 3."""
    found.sort()
    for at, (start, end, kind) in enumerate(found):
        if at + 1 < len(found) and found[at + 1][0] < end:
            _, other_end, other = found[at + 1]
            kinds = {kind, other}
            found[at + 1] = (start, max(end, other_end), next(one for one in _SUREST if one in kinds))
        else:
            yield start, end, kind


def _floor(text: str, start: int, end: int) -> str:
    """A floor is a place where nothing else stands in its clause: 四楼，放门口就成."""
    before = text[start - 1 : start]
    alone = not text[end : end + 1].isalnum() and (before in _BEFORE_FLOOR or not before.isalnum())
    return "place" if alone else "anchor"


def _tail(match: re.Match[str]) -> str:
    """A zone with a row and a number is a place by itself (A区5排11号), a door with a position too (403对门)."""
    if match[0][0] == "b" and match[0][-1] == "层":
        return "anchor" if match.string[match.start() - 1 : match.start()].isalnum() else "place"
    text, start, end = match.string, *match.span()
    if text[end : end + 1] == "也" and not text[start - 1 : start].isalnum():
        return "place"
    return "place" if match["more"] or match["door"] or match["flat"] or match["hall"] or match["han"] else "tail"


def _with_ordinal(text: str, start: int) -> int:
    """Over what says that a number is an ordinal, or below the ground: 第3栋, 地下负二层."""
    start -= text[start - 1 : start] in _ORDINAL
    return start - 2 * (text[max(0, start - 2) : start] == "地下")
