"""What people write about the same matters, and about nothing in common."""

from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Issue, Membership
from lianxin.hotissues.services.reclustering import regroup
from tests.factories.cases import submit

HOT_WATER = [
    "青禾宿舍三号楼没有热水，热水停了三天，下班洗不了澡。",
    "青禾宿舍三号楼热水已经停了三天，洗澡只能去外面。",
    "青禾宿舍三号楼没有热水，请尽快修好热水炉。",
    "青禾宿舍三号楼热水什么时候恢复？已经三天没有热水洗澡。",
]
CANTEEN = [
    "龙泉食堂夜班十二点以后只有冷饭，请给夜班留热饭。",
    "龙泉食堂夜班只卖冷饭，夜班职工吃不上热饭。",
    "夜班在龙泉食堂吃不上热饭，十二点以后只有冷饭。",
]
ALONE = [
    "请给二分厂门口装路灯，大门外的路晚上很黑。",
    "入职满一年可以休几天年休假？",
    "早上的班车最近总是晚点二十分钟。",
    "上个月体检的报告一直没有收到。",
    "工会能不能周末开办书法班？",
    "三楼打印机总是卡纸。",
]


def say_all(house, texts, **more):
    """Each text as a case, by Li Na and Wang Fang in turn."""
    people = (house.li_na, house.wang_fang)
    return [submit(people[n % 2], text, **more).case for n, text in enumerate(texts)]


def grouped(house):
    """Two matters among others; of the first the issue, its cases and those of the second."""
    water, canteen = say_all(house, HOT_WATER), say_all(house, CANTEEN)
    say_all(house, ALONE)
    case_embeddings.understand()
    regroup()
    return issue_of(water[0]), water, canteen


def issue_of(case):
    row = Membership.objects.filter(case=case, standing="member").first()
    return Issue.objects.get(pk=row.issue_id) if row else None


def cases_in(issue):
    return set(Membership.objects.filter(issue=issue, standing="member").values_list("case", flat=True))


def ids(cases):
    return {case.pk for case in cases}
