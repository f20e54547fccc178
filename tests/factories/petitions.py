"""A small tree of categories and texts about it."""

PATHS = [
    ("生活", "住宿", "热水供应"),
    ("生活", "食堂", "饭菜质量"),
    ("生产", "安全", "消防通道"),
    ("生产", "设备", "设备检修"),
]
LEAVES = [(path[0], path) for path in PATHS]
TEXTS = ["宿舍热水供应停了", "食堂饭菜质量差", "仓库消防通道堵了", "三号机设备检修拖延"]
LABELS = ["生活", "生活", "生产", "生产"]
