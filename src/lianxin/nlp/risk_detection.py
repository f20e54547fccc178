"""Words of danger, so that help comes first. A short list that everybody can read, and nothing clever.

It may warn too often: somebody looks, and nothing else follows from it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from lianxin.nlp.normalization import plain


class DangerKind(StrEnum):
    """What the words speak of, the most pressing first."""

    CRISIS = "crisis"
    """A person who may harm themselves."""
    LIFE = "life"
    """People in danger now."""
    VIOLENCE = "violence"
    """One person threatens or hurts another."""
    HAZARD = "hazard"
    """Something that may hurt people."""
    HARDSHIP = "hardship"
    """People who cannot wait: without water, light, heating or wages."""


GAPS = r"(?<=[\u4e00-\u9fff])[\s_*~.·•|/\\+=#^'\"`…—–-]+(?=[\u4e00-\u9fff])"
"""What may stand between two characters of a word without changing it: 要 塌 了. Commas and full stops part words."""
TRADITIONAL = (
    "東牆馬電觸氣氫氯洩災煙墜壓傷殺們農藥遺書個這結斷喪樓頂橋從塊師導級標準報閥鋼絲繩鍋爐響開裝備險隱線門處車間"
    "離開無沒勇強姦褻擾動揚刀頭體燒焦關裡裏來腳媽爛樹廠礦閘纜覺暈還會著摔臺"
)
SIMPLIFIED = (
    "东墙马电触气氢氯泄灾烟坠压伤杀们农药遗书个这结断丧楼顶桥从块师导级标准报阀钢丝绳锅炉响开装备险隐线门处车间"
    "离开无没勇强奸亵扰动扬刀头体烧焦关里里来脚妈烂树厂矿闸缆觉晕还会着摔台"
)
"""Characters of these words as they are written elsewhere, and as they stand below."""

_THING = "墙|楼|顶|房|架|棚|坡|巷道|隧道|基坑|楼板|梁|柱|杆|塔|树|围挡|广告牌|货堆|吊车|塔吊"
_HIGH = "脚手架|架子|梯|楼|屋顶|房顶|阳台|平台|高处|高空|塔|电杆|吊篮|井|坑"
_SOMEBODY = "人|师傅|同事|工友|员工|工人|小[\u4e00-\u9fff]|老[\u4e00-\u9fff]|他|她"
_GAS = "氨气?|瓦斯|煤气|燃气|天然气|液化气|沼气|一氧化碳|硫化氢|氯气|甲烷|毒气|有毒气体|可燃气体?"

WORDS: dict[DangerKind, str] = {
    DangerKind.CRISIS: (
        r"不想(?:再|要)?.{0,2}活(?![动泼])|活不下去|活不成|活够了|活腻|没有?勇气活|没有?活路|活着(?:真|也|太|好)?(?:没(?:有)?(?:意思|意义|劲)|累|痛苦)|"
        r"自杀|自尽|自残|轻生|寻短见|寻死|想死(?!你|我)|想不开|(?:快|要)(?:崩溃|撑不住)了|跳楼|跳河|跳江|跳桥|割腕|上吊|服毒|"
        r"[从在]?.{0,2}(?:楼|桥|窗户?|天台|阳台).{0,3}跳(?:下|了)|"
        r"喝药[了自]|[喝吃吞服].{0,4}(?:农药|毒药|老鼠药|安眠药|百草枯|敌敌畏)|"
        r"遗书|(?:离开|不想.{0,2}[在留].{0,2})(?:这个)?(?:世界|世上|人世)|结束(?:自己的?)?生命|"
        r"了结(?:自己|生命)|死了算了|不如死|一死了之|一了百了|撑不下去|suicid\w*|kill myself|end my life|want to die"
    ),
    DangerKind.LIFE: (
        r"触电|漏电|跑电|电击|被电(?:到|着|了|晕|伤|死)|电(?:到|着|了|死|伤)人|裸露.{0,4}电线|电线.{0,4}裸露|"
        r"(?:电线|电缆|电柜|电箱|配电|插座|插排).{0,6}(?:水里|泡水|泡在|进水|积水|被淹|掉下|掉在|断落)|水.{0,6}(?:有电|带电)|"
        rf"(?:{_GAS}).{{0,6}}(?:超限|超标|泄|漏|浓度高|味|呛)|(?:{_GAS}).{{0,3}}报警(?:器|仪)?.{{0,4}}(?:响|还|仍|了)|漏(?:煤|燃|毒|氨)?气(?!球)|"
        r"冒.{0,2}烟|浓烟|烧焦|焦糊味|着[了大起]?火(?![车锅])|起(?:了|大)?火(?![车锅])|失火|火灾|火花|打火(?!机)|火苗|爆炸|爆燃|烧起来|"
        rf"坍塌|塌方|塌陷|垮塌|倒塌|[要会快]塌|塌[了下]|要踏了|(?:{_THING}).{{0,8}}(?<!不)[要会快]垮|[要快]倒了|随时.{{0,3}}[倒塌掉断炸垮]|摇摇欲坠|[会要]散架|"
        rf"(?:{_THING}).{{0,8}}(?:[要快会].{{0,2}}倒(?![班闸贴腾卖])|倒(?:了|下|过来))|"
        rf"坠落|高空坠物|[要快]掉下来|(?:{_HIGH}).{{0,5}}(?:摔|跌|坠|滚|掉)(?:了)?(?:下|落|伤|断|进|死)|"
        rf"(?:{_SOMEBODY}).{{0,8}}(?:摔|跌|坠)(?:了)?(?:下|落|伤|断|进|死)|摔[断伤死]|"
        r"砸(?:到|着|中|伤|死|人)|(?:钢丝绳|吊绳|吊带|吊索|吊钩).{0,6}(?:断|磨损|裂)|[吊起].{0,10}(?:人头顶|人头上)|"
        r"出人命|[会要就]死人|死了(?:好?几|[一二两三四五六七八九十]|[0-9]+).?人|有人.{0,4}(?:(?<![吵热累急冷饿气烦吓笑])死了|没命|快不行|不行了)|"
        r"压力.{0,4}(?:爆表|超限|超压)|安全阀.{0,6}(?:不动作|失灵|失效|坏)|(?:烫|烧|灼)伤|"
        rf"中毒|窒息|昏迷|休克|晕倒|昏倒|晕过去|晕厥|(?:{_SOMEBODY}).{{0,6}}晕了|叫不[醒应]|倒地不[起醒]|抽搐|不省人事|没(?:有)?(?:呼吸|意识|知觉)|"
        r"[喘吸]不(?:过|上)气|心脏病发|大出血|流血不止|中暑|溺水|落水|掉进.{0,3}[水河井池坑]|"
        r"(?:人|孩子|娃|他|她|我|同事|工友|师傅).{0,3}被?(?:锁|关)在?(?:车|屋|房|柜|库|电梯).{0,2}(?:里|内)|快不行了|救救我|救命|没气了|昏过去|"
        r"被.{0,3}(?:砸|夹|卷|绞|轧|咬)(?:住|了|到|着|伤)?|(?:手|脚|腿|胳膊|手指|头).{0,4}(?:夹|卷|绞|轧)(?:住|了|进)|"
        r"(?:高压|电)线.{0,4}(?:断|掉|落|垂)|变压器.{0,4}(?:冒|炸|响)|轿厢.{0,4}(?:掉|坠|落|滑)|(?:往|向)下掉|"
        r"坍了|透水|(?:硫酸|盐酸|强酸|烧碱|药液|酸液).{0,4}(?:溅|洒|泼|喷)|(?:毒|银环|眼镜)?蛇.{0,2}咬|"
        r"被困|困在(?:里面|电梯|井|火)|电梯.{0,10}(?:出不来|关着|被关)|关着.{0,8}出不来|"
        r"压在(?:下面|底下)|被(?:埋|卷|夹|绞|压)(?:住|在|进|到)|生命危险|救命|快来人|"
        r"electric shock|gas leak|on fire|explosion|collaps\w*|about to fall|trapped|unconscious|not breathing|bleeding"
    ),
    DangerKind.VIOLENCE: (
        r"[拿持提举动](?:着|了|起)?.{0,2}刀(?![闸具片口])|动手打|打伤|打死|打人|头破血流|弄死|[砍捅](?:人|伤|死)|被.{0,4}打(?:伤|得|成|破)|"
        r"打了(?:我|他|她|小[\u4e00-\u9fff]|老[\u4e00-\u9fff])(?!.{0,3}(?:电话|招呼|卡|针|分))|殴打|打架(?!子)|家暴|强奸|猥亵|性侵|性骚扰|动手动脚|耍流氓|"
        r"摸(?:了)?(?:我|她|女)?.{0,4}(?:腿|胸|屁股|臀|腰|下体)|"
        r"扬言要?(?:杀|打|砍)|要杀|杀(?:了|掉)?(?:我|他|她|你|人|全家)|同归于尽|人身(?:威胁|伤害)"
    ),
    DangerKind.HAZARD: (
        r"安全隐患|消防隐患|电线老化|线路老化|没有护栏|护栏.{0,4}(?:坏|松|断)|(?:消防|安全|疏散)通道.{0,6}(?:堵|占|锁)|"
        r"灭火器.{0,6}(?:过期|失效|没有)|井盖.{0,4}(?:缺|丢|坏|没)|危房|墙(?:体|面).{0,4}(?:开裂|脱落)|超载|刹车失灵|防护.{0,4}(?:缺失|失效)|"
        r"(?:架子?|梯子?|楼梯|吊篮|桥).{0,3}晃"
    ),
    DangerKind.HARDSHIP: (
        r"停水|断水|停电|断电|没有暖气|不供暖|停暖|拖欠.{0,4}工资|工资.{0,6}(?:没发|未发|拖欠)|吃不上饭|没钱(?:看病|治病|吃饭)|"
        r"高烧|孕妇|重病|病危"
    ),
}
"""What each kind is told by: alternatives of a regular expression."""

SPARED = ("没有", "未", "未发生", "防", "防止", "预防", "避免")
"""Right before the words: what is said not to be there, or to be prevented, is no danger."""
PRESSING = frozenset({DangerKind.CRISIS, DangerKind.LIFE, DangerKind.VIOLENCE})
"""Somebody may be in danger now."""
AT_A_PLACE = frozenset({DangerKind.LIFE, DangerKind.HAZARD})
"""What lies in a place or a thing, so that whoever answers for the place can take the danger away."""
DANGEROUS = PRESSING | AT_A_PLACE
"""All kinds but hardship: people may come to harm."""

_NOT_SPARED = "".join(f"(?<!{words})" for words in SPARED)
_GAPS = re.compile(GAPS)
_SIMPLE = str.maketrans(TRADITIONAL, SIMPLIFIED)
_PATTERNS = {kind: re.compile(f"{_NOT_SPARED}(?:{words})") for kind, words in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger, and the words that speak of it."""

    kind: DangerKind
    words: tuple[str, ...]


def dangers(text: str) -> list[Danger]:
    """Of what dangers a text speaks, the most pressing first."""
    letters = _GAPS.sub("", plain(text).lower().translate(_SIMPLE))
    found = ((kind, pattern.findall(letters)) for kind, pattern in _PATTERNS.items())
    return [Danger(kind, tuple(dict.fromkeys(words))) for kind, words in found if words]


def most_pressing(text: str) -> DangerKind | None:
    """The most pressing danger to people of which a text speaks; None without any. Hardship is none."""
    return next((danger.kind for danger in dangers(text) if danger.kind in DANGEROUS), None)
