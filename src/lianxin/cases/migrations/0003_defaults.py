"""The clocks of the design's table, and a first category tree; the enterprise edits both."""

from django.db import migrations

CLOCKS = [
    ("accept", "", 1, "working_days"),
    ("sign", "", 1, "working_days"),
    ("contact", "", 2, "working_days"),
    ("contact", "hazard", 4, "hours"),
    ("reply", "", 7, "working_days"),
    ("reply", "question", 3, "working_days"),
    ("reply", "dispute", 15, "working_days"),
    ("reply", "conduct", 30, "working_days"),
    ("reply", "hazard", 24, "hours"),
]

CATEGORIES = {
    ("safety", "安全生产"): ["设备设施隐患", "作业现场管理", "消防与用电", "交通与车辆"],
    ("health", "劳动保护与健康"): ["劳保用品", "高温与严寒", "体检与职业病", "心理关怀"],
    ("pay", "薪酬福利"): ["工资与奖金", "加班费与津贴", "社保与公积金", "福利发放"],
    ("hours", "工时与休假"): ["排班与倒班", "加班安排", "休假与调休"],
    ("canteen", "食堂餐饮"): ["饭菜质量", "价格与品种", "就餐时间与环境"],
    ("housing", "宿舍与住房"): ["水电暖", "维修", "分配与管理"],
    ("commute", "通勤交通"): ["班车", "停车", "充电桩"],
    ("workplace", "工作条件"): ["办公环境", "工器具与物资", "信息系统与网络", "厂区卫生"],
    ("career", "培训与发展"): ["培训学习", "岗位与晋升", "职称与技能鉴定"],
    ("labour", "劳动关系"): ["劳动合同", "岗位调整", "同事与班组矛盾"],
    ("hardship", "困难帮扶"): ["家庭困难", "大病救助", "子女入学"],
    ("management", "制度与管理"): ["制度建议", "流程与报表", "公开与透明"],
    ("conduct", "作风与廉洁"): ["庸懒散", "铺张浪费", "以权谋私", "侵害职工利益"],
    ("culture", "文体与组织活动"): ["文体活动", "党组织活动", "工会活动"],
    ("other", "其他"): [],
}


def fill(apps, schema_editor):
    ClockRule = apps.get_model("cases", "ClockRule")
    Category = apps.get_model("cases", "Category")
    BusinessHours = apps.get_model("kernel", "BusinessHours")
    ClockRule.objects.bulk_create(
        ClockRule(clock=clock, kind=kind, amount=amount, measure=measure) for clock, kind, amount, measure in CLOCKS
    )
    rows = []
    for n, ((code, name), children) in enumerate(CATEGORIES.items(), start=1):
        path = f"{n:04d}" if n < 10 else f"000{chr(ord('A') + n - 10)}"  # treebeard counts in base 36
        rows.append(Category(path=path, depth=1, numchild=len(children), code=code, name=name))
        rows += [
            Category(path=f"{path}{m:04d}", depth=2, numchild=0, code=f"{code}-{m}", name=child)
            for m, child in enumerate(children, start=1)
        ]
    Category.objects.bulk_create(rows)
    if not BusinessHours.objects.exists():
        BusinessHours.objects.bulk_create(
            [BusinessHours(opens="08:30", closes="12:00"), BusinessHours(opens="14:00", closes="17:30")]
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_guards"), ("kernel", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
