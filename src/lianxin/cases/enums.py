"""The words of the case."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.org.enums import Role


class CaseKind(TextChoices):
    HELP = "help", _("request for help")
    COMPLAINT = "complaint", _("complaint")
    SUGGESTION = "suggestion", _("suggestion")
    QUESTION = "question", _("question")
    HAZARD = "hazard", _("safety hazard")
    DISPUTE = "dispute", _("dispute")
    CONDUCT = "conduct", _("conduct")
    PRAISE = "praise", _("praise")
    UNSORTED = "unsorted", _("not classified yet")
    """Neither the requester nor a dispatcher has said what kind it is."""


SAID_KINDS = [(kind.value, kind.label) for kind in CaseKind if kind != CaseKind.UNSORTED]
"""Those that somebody can choose."""


class CaseState(TextChoices):
    SUBMITTED = "submitted", _("submitted")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    DISPATCHED = "dispatched", _("dispatched")
    IN_PROGRESS = "in_progress", _("in progress")
    WAITING = "waiting", _("waiting for an answer")
    REPLIED = "replied", _("replied")
    REOPENED = "reopened", _("reopened, to be dispatched again")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged")
    WITHDRAWN = "withdrawn", _("withdrawn")


BEFORE_REPLY = (
    CaseState.SUBMITTED,
    CaseState.ACCEPTED,
    CaseState.DISPATCHED,
    CaseState.IN_PROGRESS,
    CaseState.WAITING,
)
OPEN_STATES = (*BEFORE_REPLY, CaseState.REPLIED, CaseState.REOPENED)


class Delivery(TextChoices):
    """When an anonymous case reaches those who receive it."""

    AUTO = "", _("With danger within a minute, otherwise at the next full hour")
    HOUR = "hour", _("At the next full hour, whatever it is about")
    AT_ONCE = "at_once", _("Within a minute: the system then knows the minute")


class Outcome(TextChoices):
    """How a closed case ended."""

    RATED = "rated", _("rated")
    UNRATED = "unrated", _("not rated in time")
    NO_ANSWER = "no_answer", _("no answer from the requester")


class Identity(TextChoices):
    NAMED = "named", _("named")
    CONFIDENTIAL = "confidential", _("confidential")
    ANONYMOUS = "anonymous", _("anonymous")


class Channel(TextChoices):
    WEB = "web", _("web")
    ON_BEHALF = "on_behalf", _("on behalf of a colleague")
    IMPORT = "import", _("import")


class Urgency(TextChoices):
    NORMAL = "normal", pgettext_lazy("urgency", "normal")
    URGENT = "urgent", _("urgent")
    EMERGENCY = "emergency", _("danger to people")


class Danger(TextChoices):
    """Why a case runs on the clocks of a hazard. What its words speak of, as in `nlp.risk_detection`."""

    CRISIS = "crisis", _("person in crisis")
    LIFE = "life", _("danger to life")
    VIOLENCE = "violence", _("violence")
    HAZARD = "hazard", _("safety hazard")


LEADERS_CONCERN = (Danger.LIFE, Danger.HAZARD)
"""Dangers that lie in a place, so that whoever leads the unit there can take them away."""


class Priority(IntegerChoices):
    """What stands first in a list. Only open cases are more than normal."""

    DANGER = 0, _("safety risk")
    URGENT = 1, _("urgent")
    NORMAL = 2, pgettext_lazy("urgency", "normal")


class Field(TextChoices):
    """For what something is suggested when a case is accepted."""

    CATEGORY = "category", _("category")
    URGENCY = "urgency", pgettext_lazy("suggestion", "urgency")
    LEAD_UNIT = "lead_unit", pgettext_lazy("suggestion", "lead unit")


class Verdict(TextChoices):
    """What a person decided of two cases that look alike."""

    LINKED = "linked", pgettext_lazy("cases", "related")
    APART = "apart", _("not the same issue")


class Relation(TextChoices):
    """What somebody is to one case. Who may do what is said in these words (see `workflow`)."""

    REQUESTER = "requester", _("requester")
    DISPATCHER = "dispatcher", _("dispatcher")
    APPEAL_JUDGE = "appeal_judge", _("supervisor deciding the appeal")
    HANDLER = "handler", _("handler of the lead unit")
    LEAD_HANDLER = "lead_handler", _("lead handler")
    CO_HANDLER = "co_handler", _("supporting handler")
    UNIT_LEADER = "unit_leader", _("unit leader")
    SUPERVISOR = "supervisor", _("supervisor")
    INSPECTOR = "inspector", _("discipline inspector")
    READER = "reader", pgettext_lazy("relation", "reader")
    CLOCK = "clock", _("system (deadline)")


class DeadlineKind(TextChoices):
    ACCEPT = "accept", _("accept or decline")
    SIGN = "sign", _("sign for")
    CONTACT = "contact", _("first response")
    REPLY = "reply", _("reply")
    ANSWER = "answer", _("requester's answer")
    RATING = "rating", _("rating")


class Measure(TextChoices):
    """How a clock counts."""

    WORKING_DAYS = "working_days", _("working days")
    HOURS = "hours", _("hours around the clock")
    MINUTES = "minutes", _("minutes around the clock")
    DAYS = "days", _("calendar days")


class ContactBy(TextChoices):
    """How a handler was in touch with the requester. What was said outside the system is noted, and both read it."""

    MESSAGE = "contact", _("written message")
    CALL = "call", _("phone call")
    VISIT = "visit", _("visit")


class MessageKind(TextChoices):
    QUESTION = "question", _("question to the requester")
    ANSWER = "answer", _("answer")
    CONTACT = "contact", _("first response")
    CALL = "call", _("phone call")
    VISIT = "visit", _("visit")
    REPLY = "reply", _("reply")
    PART = "part", _("supporting contribution")
    NOTE = "note", _("internal note")
    REASON = "reason", _("reason")
    APPEAL = "appeal", _("appeal")
    ADDITION = "addition", _("additional information")


class DeclineReason(TextChoices):
    NOT_OURS = "not_ours", _("beyond the enterprise's authority")
    IN_PROCEEDINGS = "in_proceedings", _("already in court, arbitration or another formal procedure")
    UNCLEAR = "unclear", _("too unclear to act on, and questions were not answered")
    REPEATED = "repeated", _("already replied to, with nothing new")
    NOT_A_CASE = "not_a_case", _("not something that can be handled here")


class Resolved(TextChoices):
    YES = "yes", _("solved")
    PARTLY = "partly", _("partly solved")
    NO = "no", _("not solved")


class Satisfaction(IntegerChoices):
    VERY_SATISFIED = 5, _("very satisfied")
    SATISFIED = 4, pgettext_lazy("satisfaction", "satisfied")
    FAIRLY_SATISFIED = 3, _("fairly satisfied")
    DISSATISFIED = 2, _("dissatisfied")
    VERY_DISSATISFIED = 1, _("very dissatisfied")


class ExtensionState(TextChoices):
    REQUESTED = "requested", _("requested")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("rejected")


DEPUTY_ROLES = (Role.SUPERVISOR, Role.INSPECTOR, Role.UNIT_LEADER)
"""Who takes the place of a case's dispatchers where it is about all of them or may be, in this order."""
