"""Who gets in, for the permission matrix. A pledge of 孙强 is published to 后勤服务中心, the company and the root."""

from tests.pledges.conftest import found_branch

PLEDGE = {"pk": "pledge"}
NEAR = {"handler", "unit_leader", "dispatcher", "supervisor", "inspector", "head_dispatcher", "head_supervisor"}
NEAR |= {"head_inspector", "system_admin", "security_admin", "audit_admin"}


def make(house) -> dict[str, object]:
    branch = found_branch(house)
    return {"pledge": branch.published(house.handler).pk}


def addresses(people: set[str]) -> dict[str, dict]:
    return {
        "pledges:list": {"who": people},
        "pledges:draft": {"who": {"handler", "li_na", "wang_fang", "unit_leader", "outsider"}},
        "pledges:cycles": {"who": set()},
        "pledges:open_cycle": {"who": set()},
        "pledges:pledge": {"who": NEAR, "ids": PLEDGE},
        "pledges:act": {"who": {"handler"}, "ids": {**PLEDGE, "action": "assess"}},
    }
