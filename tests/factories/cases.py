"""A small enterprise with everybody a case needs, and short words for what they do.

root ── company ── logistics (handles), workshop (people work here)
"""

from dataclasses import dataclass
from uuid import uuid4

from lianxin.cases.enums import CaseKind, Identity, Urgency
from lianxin.cases.models import Case, Category
from lianxin.cases.services import handling, intake, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.org.enums import Role, UnitKind
from lianxin.org.models import Employment, Person, RoleGrant, Unit
from tests.factories.org import LONG_AGO, PersonFactory, UnitFactory, below


@dataclass
class Enterprise:
    root: Unit
    company: Unit
    logistics: Unit
    workshop: Unit
    li_na: Person
    """An employee of the workshop, who raises cases."""
    wang_fang: Person
    """Her colleague in the workshop."""
    dispatcher: Person
    head_dispatcher: Person
    """One level above the dispatcher."""
    handler: Person
    co_handler: Person
    unit_leader: Person
    supervisor: Person
    head_supervisor: Person
    inspector: Person
    head_inspector: Person
    outsider: Person
    """Dispatcher, handler, leader, supervisor and inspector of another company."""
    system_admin: Person
    security_admin: Person
    audit_admin: Person

    def people(self) -> dict[str, Person]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


def found_enterprise() -> Enterprise:
    """Found it with one statement for each table: more tests begin here than anywhere else."""
    root = UnitFactory(name="光明供电集团", code="ROOT", kind=UnitKind.ENTERPRISE, numchild=2)
    company = below(root, 1, name="东城供电公司", code="EAST", kind=UnitKind.COMPANY, numchild=2)
    elsewhere = below(root, 2, name="西城供电公司", code="WEST", kind=UnitKind.COMPANY)
    logistics = below(company, 1, name="后勤服务中心", code="LOGISTICS")
    workshop = below(company, 2, name="检修车间", code="WORKSHOP")
    Unit.objects.bulk_create([company, elsewhere, logistics, workshop])

    people: list[tuple[Person, Unit, dict[str, Unit]]] = []

    def person(name: str, number: str, unit: Unit, **roles: Unit) -> Person:
        people.append((PersonFactory.build(name=name, employee_no=number), unit, roles))
        return people[-1][0]

    house = Enterprise(
        root=root,
        company=company,
        logistics=logistics,
        workshop=workshop,
        li_na=person("李娜", "1001", workshop),
        wang_fang=person("王芳", "1002", workshop),
        dispatcher=person("赵敏", "2001", company, dispatcher=company),
        head_dispatcher=person("钱进", "2002", root, dispatcher=root),
        handler=person("孙强", "2003", logistics, handler=logistics),
        co_handler=person("周涛", "2004", workshop, handler=workshop),
        unit_leader=person("吴刚", "2005", logistics, unit_leader=logistics),
        supervisor=person("郑洁", "2006", company, supervisor=company),
        head_supervisor=person("冯琳", "2007", root, supervisor=root),
        inspector=person("陈正", "2008", company, inspector=company),
        head_inspector=person("褚明", "2009", root, inspector=root),
        outsider=person(
            "卫东",
            "2010",
            elsewhere,
            dispatcher=elsewhere,
            handler=elsewhere,
            unit_leader=elsewhere,
            supervisor=elsewhere,
            inspector=elsewhere,
        ),
        system_admin=person("系统员", "9001", root, system_admin=root),
        security_admin=person("安全员", "9002", root, security_admin=root),
        audit_admin=person("审计员", "9003", root, audit_admin=root),
    )
    Person.objects.bulk_create(somebody for somebody, _unit, _roles in people)
    Employment.objects.bulk_create(
        Employment(person=somebody, unit=unit, started_on=LONG_AGO) for somebody, unit, _roles in people
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(person=somebody, role=Role(role), unit=unit, started_on=LONG_AGO)
        for somebody, _unit, roles in people
        for role, unit in roles.items()
    )
    return house


def category(code: str = "housing-1") -> Category:
    return Category.objects.get(code=code)


def submit(person: Person | None, body: str = "宿舍三楼没有热水，已经三天了。", **more) -> intake.Submission:
    more.setdefault("identity", Identity.NAMED if person else Identity.ANONYMOUS)
    more.setdefault("submission_key", str(uuid4()))
    more.setdefault("kind", CaseKind.HELP)
    return intake.submit_case(actor=person, body=body, **more)


def accepted(house: Enterprise, case: Case) -> Case:
    # What names nobody for certain goes past the nearest desk.
    dispatcher = house.head_dispatcher if case.subjects_unsettled else house.dispatcher
    return triage.accept_case(
        actor=dispatcher, case_id=case.pk, kind=CaseKind.HELP, category=category(), urgency=Urgency.NORMAL
    )


def dispatched(house: Enterprise, case: Case, **more) -> Case:
    accepted(house, case)
    return triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, **more)


def in_progress(house: Enterprise, case: Case, **more) -> Case:
    dispatched(house, case, **more)
    return perform("sign", actor=house.handler, case_id=case.pk)


def replied(house: Enterprise, case: Case) -> Case:
    in_progress(house, case)
    return handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="锅炉已修好，今晚恢复热水。")


def rated(house: Enterprise, case: Case, resolved: str = "yes", satisfaction: int = 5) -> Case:
    replied(house, case)
    return requester.rate_case(
        actor=Person.objects.get(pk=case.requester_id), case_id=case.pk, resolved=resolved, satisfaction=satisfaction
    )
