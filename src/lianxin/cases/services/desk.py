"""What people at a desk keep for themselves or their unit: reply templates, saved views; and looking for somebody."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import Identity
from lianxin.cases.models import Case, ReplyTemplate, SavedView
from lianxin.cases.queries import templates
from lianxin.cases.services.access_log import note_finding
from lianxin.kernel import rate_limit
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.nlp.subjects import name_key
from lianxin.org.queries import Person, Unit, people_named, people_numbered

MOST_VIEWS = 12
SEARCHES_A_DAY = 20


def write_template(*, actor: Person, unit: Unit, title: str, text: str, template: ReplyTemplate | None = None) -> None:
    """Keep words for a unit, new ones or instead of those of a template.

    Raises:
        PermissionDenied: the actor neither handles cases for the unit nor leads it.
    """
    if unit not in templates.template_units(actor) or (template and not templates.may_edit(actor, template)):
        raise PermissionDenied(_("You do not have permission to do this."))
    kept = template or ReplyTemplate()
    kept.unit, kept.title, kept.text = unit, title.strip(), text.strip()
    kept.save()


def remove_template(*, actor: Person, template_id: object) -> None:
    """Take words out of use.

    Raises:
        NotFound: there is none such that is the actor's to change.
    """
    templates.get_template_for(actor, template_id).delete()


def save_view(*, actor: Person, name: str, query: str) -> SavedView:
    """Keep a work list as it is narrowed now under a name; one of this name is replaced.

    Raises:
        ValidationFailed: there are too many.
    """
    others = SavedView.objects.filter(person=actor).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise ValidationFailed({"name": _("You can save at most %(n)d views. Please remove one.") % {"n": MOST_VIEWS}})
    return SavedView.objects.update_or_create(person=actor, name=name, defaults={"query": query})[0]


def remove_view(*, actor: Person, view_id: object) -> None:
    """Forget a saved view of one's own."""
    if not SavedView.objects.filter(person=actor, pk=str(view_id)).delete()[0]:
        raise NotFound(_("There is no such thing, or it is not for you."))


@transaction.atomic
def find_by_requester(*, actor: Person, who: str, reason: str) -> list[Case]:
    """The open cases at the actor's desk that somebody of this full name or employee number raised by name.

    Each one found notes that they were looked for, by whom and why, where its requester reads it. Confidential and
    anonymous cases are never found this way, nor those whose requester the actor may not know.

    Raises:
        RateLimited: the actor looked for too many people today.
    """
    rate_limit.admit("find_requester", str(actor.pk), limit=SEARCHES_A_DAY, per=timedelta(days=1))
    by_name, by_number = people_named([name_key(who)]), people_numbered([who.strip().upper()])
    people = [person for group in (*by_name.values(), *by_number.values()) for person in group]
    cases = Case.objects.staff_visible_to(actor).open().filter(identity=Identity.NAMED, requester__in=people)
    found = [
        case for case in cases.for_policies().order_by("priority", "due_at") if policies.may_see_requester(actor, case)
    ]
    for case in found:
        note_finding(actor=actor, case=case, reason=reason)
    return found
