"""How cases go: each story does one after another what people do, through the services that they use."""

from datetime import datetime, timedelta

from lianxin.cases.enums import CaseKind, Identity, Urgency
from lianxin.cases.queries import open_receipt
from lianxin.cases.services import handling, intake, triage
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services.access_log import note_opening
from lianxin.cases.services.transitions import perform
from lianxin.demo import board
from lianxin.demo.enterprise import ROOT
from lianxin.demo.plans import Plan, Verdict
from lianxin.demo.simulation import Story, Unfinished, World
from lianxin.demo.templates import phrases
from lianxin.kernel import timezone
from lianxin.org.enums import Role
from lianxin.org.queries import Person

HAZARD_HOURS = 24
HOURS_A_DAY = 7


def turn(world: World, plan: Plan, days: float) -> datetime:
    """The moment by which a desk has worked on it for so many days of seven hours; danger does not wait."""
    if plan.is_hazard:
        return timezone.now() + timedelta(hours=max(0.1, days * HOURS_A_DAY), seconds=world.rng.randint(0, 300))
    return world.at_work(days)


def say(plan: Plan, template: str) -> str:
    """A text of the plan's matter, as it reads today."""
    return plan.words.say(template, timezone.today())


class Told:
    """A case in the course of its story: its id, who judges it, and who has it in hand."""

    def __init__(self, submission: intake.Submission, plan: Plan) -> None:
        self.id = submission.case.pk
        self.requester: requester_services.Requester = (
            open_receipt(submission.receipt) if submission.receipt else plan.behalf or plan.requester
        )
        self.dispatcher: Person | None = None
        self.handler: Person = plan.requester
        """Once somebody has signed."""
        self.followers: list[tuple[Plan, Told]] = []


def raised(world: World, plan: Plan, text: str = "") -> Told:
    """Somebody raises it."""
    submission = intake.submit_case(
        actor=None if plan.identity == Identity.ANONYMOUS else plan.requester,
        body=say(plan, text or plan.words.matter.text),
        identity=plan.identity,
        submission_key=f"sample-{world.rng.getrandbits(64):x}",
        kind=CaseKind.CONDUCT if plan.words.matter.kind == "conduct" else "",
        place=world.unit(plan.place),
        about=plan.about.name if plan.about else "",
        on_behalf_of=plan.behalf,
    )
    return Told(submission, plan)


def life(world: World, plan: Plan) -> Story[None]:
    """A case from its first word to its end."""
    matter = plan.words.matter
    told = raised(world, plan)
    if plan.withdraws:
        yield world.off_work(world.rng.uniform(1, 12))
        requester_services.withdraw_case(actor=told.requester, case_id=told.id, asked=False)
        return
    yield from accepted(world, plan, told)
    if matter.reason:
        yield from declined(world, plan, told)
        return
    yield from joined(world, plan, told)
    yield from dispatched(world, plan, told)
    yield from handled(world, plan, told)
    for follower, other in told.followers:
        if follower.verdict:
            world.begin(rated(other, follower.verdict), world.off_work(follower.verdict.hours))
    yield from judged(world, plan, told)


def accepted(world: World, plan: Plan, told: Told) -> Story[None]:
    """The dispatcher reads it, maybe asks, and takes it in."""
    yield turn(world, plan, world.rng.choice((0.03, 0.05, 0.1) if plan.is_hazard else (0.05, 0.1, 0.2, 0.4, 0.7, 1.1)))
    plan.reached("accept")
    told.dispatcher = world.holder(Role.DISPATCHER, plan.place)
    if plan.asks == "dispatcher":
        yield from asked(world, plan, told, told.dispatcher)
    matter = plan.words.matter
    if matter.reason:
        return
    case = triage.accept_case(
        actor=told.dispatcher,
        case_id=told.id,
        kind=matter.kind,
        category=world.categories[matter.category],
        urgency=Urgency.URGENT if plan.is_hazard else Urgency.NORMAL,
    )
    note_opening(actor=told.dispatcher, case=case)


def asked(world: World, plan: Plan, told: Told, by: Person) -> Story[None]:
    """A question to the requester, who answers, or does not."""
    perform("ask", actor=by, case_id=told.id, text=say(plan, plan.words.matter.ask))
    if not plan.answers:
        raise Unfinished
    yield world.off_work(world.rng.choice((2, 5, 20, 30, 50)))
    requester_services.answer_question(actor=told.requester, case_id=told.id, text=say(plan, plan.words.matter.answer))
    yield world.at_work(world.rng.uniform(0.05, 0.4))


def declined(world: World, plan: Plan, told: Told) -> Story[None]:
    """It is declined with its reason; some appeal, and a supervisor decides."""
    matter = plan.words.matter
    actor = told.dispatcher or world.holder(Role.DISPATCHER, plan.place)
    case = triage.decline_case(actor=actor, case_id=told.id, reason=matter.reason, text=say(plan, matter.reply))
    note_opening(actor=actor, case=case)
    if not matter.appeal:
        return
    yield world.off_work(world.rng.uniform(3, 40))
    perform("appeal", actor=told.requester, case_id=told.id, text=say(plan, matter.appeal))
    yield world.at_work(world.rng.uniform(0.2, 0.8))
    plan.reached("judge_appeal")
    judge = world.holder(Role.SUPERVISOR, plan.place, beside=actor)
    if matter.again:
        triage.accept_case(actor=judge, case_id=told.id, kind=matter.kind, category=world.categories[matter.category])
        yield from dispatched(world, plan, told)
        yield from handled(world, plan, told, reply=matter.again)
        yield from judged(world, plan, told)
    else:
        triage.decline_case(
            actor=judge, case_id=told.id, reason=matter.reason, text=world.rng.choice(phrases()["declined_again"])
        )


def joined(world: World, plan: Plan, told: Told) -> Story[None]:
    """Others raised the same: their cases follow this one."""
    for follower in plan.followers:
        yield max(timezone.now(), follower.at)
        other = raised(world, follower)
        yield world.at_work(world.rng.uniform(0.02, 0.15))
        dispatcher = world.holder(Role.DISPATCHER, ROOT)  # who sees both, wherever they were raised
        triage.merge_case(actor=dispatcher, case_id=other.id, primary_id=told.id)
        told.followers.append((follower, other))


def rated(told: Told, verdict: Verdict) -> Story[None]:
    """Who raised the same rates for themselves."""
    _rate(told, verdict)
    yield from ()


def dispatched(world: World, plan: Plan, told: Told) -> Story[None]:
    """It goes to its unit; sometimes to the wrong one first."""
    yield turn(world, plan, world.rng.choice((0.01, 0.03) if plan.is_hazard else (0.02, 0.05, 0.1, 0.3)))
    plan.reached("dispatch")
    dispatcher = told.dispatcher
    if dispatcher not in world.enterprise.holders(Role.DISPATCHER, plan.place):
        dispatcher = world.holder(Role.DISPATCHER, plan.place)
    if plan.sent_back and plan.lead != "office":
        triage.dispatch_case(actor=dispatcher, case_id=told.id, lead_unit=world.unit("office"))
        yield world.at_work(world.rng.uniform(0.2, 0.7))
        wrong = world.holder(Role.HANDLER, "office")
        perform("send_back", actor=wrong, case_id=told.id, text=world.rng.choice(phrases()["sent_back"]))
        yield world.at_work(world.rng.uniform(0.1, 0.4))
    triage.dispatch_case(
        actor=dispatcher,
        case_id=told.id,
        lead_unit=world.unit(plan.lead),
        co_units=[world.unit(plan.co)] if plan.co else [],
        handler=world.holder(Role.HANDLER, plan.lead) if plan.named_handler else None,
        text=world.rng.choice(phrases()["dispatch_note"]) if plan.notes else "",
    )


def handled(world: World, plan: Plan, told: Told, *, reply: str = "") -> Story[None]:
    """The unit signs, gets in touch, does its work and replies."""
    began = timezone.now()
    due = (HAZARD_HOURS / HOURS_A_DAY if plan.is_hazard else plan.days) * plan.takes
    yield turn(world, plan, min(due * 0.2, 0.08 if plan.is_hazard else 0.6) * world.rng.uniform(0.3, 1.6))
    plan.reached("sign")
    told.handler = world.holder(Role.HANDLER, plan.lead)
    case = perform("sign", actor=told.handler, case_id=told.id)
    note_opening(actor=told.handler, case=case)
    yield from _in_touch(world, plan, told, due)
    yield from _with_others(world, plan, told)
    yield from _longer(world, plan, told)
    passed = timezone.now() - began if plan.is_hazard else world.calendar.working_time_between(began, timezone.now())
    yield turn(world, plan, max(0.05, due - passed / timedelta(hours=HOURS_A_DAY)))
    plan.reached("reply")
    handling.reply_to_requester(actor=told.handler, case_id=told.id, text=say(plan, reply or plan.words.matter.reply))


def _in_touch(world: World, plan: Plan, told: Told, due: float) -> Story[None]:
    """The first response, a question, a note; what is done quickly needs none."""
    matter = plan.words.matter
    if plan.asks == "handler":
        yield world.at_work(world.rng.uniform(0.1, 0.5))
        yield from asked(world, plan, told, told.handler)
    if matter.contact and (due > 1 or world.chance(0.3)):
        yield turn(world, plan, due * world.rng.uniform(0.04, 0.14 if plan.is_hazard else 0.32))
        plan.reached("contact")
        perform("contact", actor=told.handler, case_id=told.id, text=say(plan, matter.contact))
    if plan.notes:
        perform("note", actor=told.handler, case_id=told.id, text=world.rng.choice(phrases()["note"]))


def _with_others(world: World, plan: Plan, told: Told) -> Story[None]:
    """The co-handling unit puts its part on record."""
    if plan.co:
        yield world.at_work(world.rng.uniform(0.2, 1.2))
        plan.reached("co_part")
        helper = world.holder(Role.HANDLER, plan.co, beside=told.handler)
        perform("co_part", actor=helper, case_id=told.id, text=say(plan, plan.words.matter.part))


def _longer(world: World, plan: Plan, told: Told) -> Story[None]:
    """More time is asked for, and granted or refused."""
    if not plan.extension:
        return
    yield world.at_work(world.rng.uniform(1, 2))
    days = world.rng.choice((3, 5, 5, 7))
    perform(
        "request_extension", actor=told.handler, case_id=told.id, days=days, text=say(plan, plan.words.matter.delay)
    )
    yield world.at_work(world.rng.uniform(0.2, 0.7))
    plan.reached("decide_extension")
    leader = world.holder(Role.UNIT_LEADER, plan.lead, beside=told.handler)
    if plan.extension == "approved":
        perform("approve_extension", actor=leader, case_id=told.id)
        plan.takes += 0.4
    else:
        perform("refuse_extension", actor=leader, case_id=told.id, text=world.rng.choice(phrases()["refused"]))


def judged(world: World, plan: Plan, told: Told) -> Story[None]:
    """The requester says whether it is solved; if not, it goes round once more, under supervision."""
    if plan.verdict is None:
        return
    yield world.off_work(plan.verdict.hours)
    plan.reached("rate")
    _rate(told, plan.verdict)
    if plan.verdict.reopens:
        yield from _again(world, plan, told)
    elif board.may_go_up(plan, plan.verdict):
        yield timezone.now() + timedelta(minutes=2)
        yield from board.shown(world, plan, told)


def _again(world: World, plan: Plan, told: Told) -> Story[None]:
    """The second round."""
    yield world.at_work(world.rng.uniform(0.1, 0.8))
    plan.reached("redispatch")
    supervisor = world.holder(Role.SUPERVISOR, plan.lead)
    triage.dispatch_case(
        actor=supervisor,
        case_id=told.id,
        lead_unit=world.unit(plan.lead),
        handler=told.handler,
        text=world.rng.choice(phrases()["redispatch_note"]),
    )
    plan.asks = plan.extension = ""
    plan.takes = world.rng.uniform(0.2, 0.6)
    yield world.at_work(world.rng.uniform(0.1, 0.4))
    perform("sign", actor=told.handler, case_id=told.id)
    yield turn(world, plan, plan.days * plan.takes)
    handling.reply_to_requester(actor=told.handler, case_id=told.id, text=say(plan, plan.words.matter.again))
    if plan.second:
        yield world.off_work(plan.second.hours)
        _rate(told, plan.second)


def _rate(told: Told, verdict: Verdict) -> None:
    requester_services.rate_case(
        actor=told.requester,
        case_id=told.id,
        resolved=verdict.resolved,
        satisfaction=verdict.satisfaction,
        comment=verdict.comment,
    )


def inspected(world: World, plan: Plan) -> Story[None]:
    """A conduct case: the discipline inspectors alone accept it, look into it and reply."""
    told = raised(world, plan)
    yield world.at_work(world.rng.uniform(0.1, 0.8))
    plan.reached("accept")
    matter = plan.words.matter
    inspector = world.holder(Role.INSPECTOR, plan.lead)
    case = triage.accept_case(
        actor=inspector, case_id=told.id, kind=CaseKind.CONDUCT, category=world.categories[matter.category]
    )
    note_opening(actor=inspector, case=case)
    yield world.at_work(world.rng.uniform(0.1, 1.5))
    plan.reached("take_up")
    perform("take_up", actor=inspector, case_id=told.id)
    yield world.at_work(world.rng.uniform(0.3, 1.5))
    perform("contact", actor=inspector, case_id=told.id, text=say(plan, matter.contact))
    yield world.at_work(plan.days * min(plan.takes, 0.9))
    plan.reached("reply")
    handling.reply_to_requester(actor=inspector, case_id=told.id, text=say(plan, matter.reply))
    yield from judged(world, plan, told)
