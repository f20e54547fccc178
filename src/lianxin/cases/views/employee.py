"""Raising a case, and the list of one's own."""

from datetime import timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts.policies import unidentified, unidentified_when
from lianxin.cases.enums import Identity
from lianxin.cases.forms.employee import IDENTITY_HINTS, IDENTITY_ICONS, MIXED_HINT, SayForm
from lianxin.cases.models.numbers import numbers_meant
from lianxin.cases.queries import emergency as emergencies
from lianxin.cases.queries import my_cases, spoken_cases, usual_spans, word_for
from lianxin.cases.queries.posters import unit_on_poster
from lianxin.cases.services.intake import find_colleague, submit_case
from lianxin.cases.services.subject_recognition import Subjects, check
from lianxin.cases.views.shown_receipt import redirect_to_receipt
from lianxin.kernel import spool
from lianxin.kernel.access import sign_in_required, sign_in_url, viewer_of
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.crowds import Crowd, Ticket
from lianxin.kernel.errors import NotFound, RateLimited, ValidationFailed
from lianxin.kernel.files import StorageFull
from lianxin.kernel.forms import add_refusals
from lianxin.kernel.numbers import read_number
from lianxin.nlp.search_terms import MOST_ASKED
from lianxin.org.queries import Person, Unit, units_below

PER_PAGE = 20
ANONYMOUS = Crowd("say", per_source=20, together=300, window=timedelta(minutes=10))
"""Beyond these numbers anonymous cases need a moment more, of the browser or of the requester; none is refused."""
DRAFT = "case-new"
ANONYMOUS_DRAFT = "case-anonymous"
"""Under this name the browser keeps what is written anonymously, for a day at most: it carries no id of anybody."""
DRAFTED = ("body", "title", "about", "colleague")


def _is_anonymous(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("identity") == Identity.ANONYMOUS


@unidentified_when(_is_anonymous)
@gzip_page  # the list of places is long, and a phone loads it each time
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest) -> HttpResponse:
    """The form with which a case is raised. Sent anonymously, it is handled without looking at who is signed in."""
    person = viewer_of(request) if request.user.is_authenticated else None
    if request.method != "POST":
        return _form_page(request, SayForm(viewer=person, at=unit_on_poster(request.GET.get("at", ""))), person)
    form = SayForm(request.POST, request.FILES, viewer=person)
    if person is None and not _is_anonymous(request):
        form.add_error("identity", _("You are signed out, so nothing was submitted. Sign in and submit again."))
        return _form_page(request, form, person, HTTPStatus.UNAUTHORIZED)
    if _is_anonymous(request) and (refused := _refuse_unread(request, person)):
        return refused
    if not form.is_valid():
        return _form_page(request, form, person, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _submit(request, form, person)
    except ValidationFailed as refusal:
        add_refusals(form, refusal)
        return _form_page(request, form, person, HTTPStatus.UNPROCESSABLE_ENTITY)
    except StorageFull as refusal:
        form.add_error("files", str(refusal))
        return _form_page(request, form, person, HTTPStatus.INSUFFICIENT_STORAGE)
    except RateLimited as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, person, HTTPStatus.TOO_MANY_REQUESTS)
    except NotFound as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, person, HTTPStatus.CONFLICT)
    except spool.SpoolBusy as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, person, HTTPStatus.SERVICE_UNAVAILABLE)


def _refuse_unread(request: HttpRequest, person: Person | None) -> HttpResponse | None:
    """The answer to an anonymous form that has mistakes or comes from a crowd, before any file of it is looked at:
    cleaning files takes time, and anybody may send them.
    """
    form = SayForm(request.POST, viewer=person)
    if not form.is_valid():
        return _form_page(request, form, person, HTTPStatus.UNPROCESSABLE_ENTITY)
    ticket = _held_up(request, form)
    if ticket is None:
        return None
    form.add_error(
        None,
        _(
            "Many people are submitting right now, so your case has not been submitted yet. Nothing is "
            "lost: press “Submit” again in %(n)d seconds."
        )
        % {"n": ticket.wait},
    )
    return _form_page(request, form, person, HTTPStatus.TOO_MANY_REQUESTS, ticket=ticket)


def _held_up(request: HttpRequest, form: SayForm) -> Ticket | None:
    """The ticket of whoever has to wait, because very many raise anonymous cases just now."""
    said = form.cleaned_data
    return ANONYMOUS.admit(
        client_address(request),
        bound_to=str(said["key"]),
        words=said["body"],
        ticket=said["ticket"],
        proof=said["proof"],
    )


def _submit(request: HttpRequest, form: SayForm, person: Person | None) -> HttpResponse:
    said = form.cleaned_data
    colleague = find_colleague(said["colleague"]) if said.get("colleague") else None
    submission = submit_case(
        actor=person,
        body=said["body"],
        identity=said["identity"],
        submission_key=str(said["key"]),
        title=said["title"],
        kind=said["kind"],
        place=said["place"],
        about=said["about"],
        on_behalf_of=colleague if colleague != person else None,
        files=said["files"],
        delivery=said.get("delivery", ""),
    )
    if submission.receipt:
        return redirect_to_receipt(submission.receipt)
    if not submission.created:
        said_already = _("You already submitted this as %(number)s. It was not submitted again.")
        messages.info(request, said_already % {"number": submission.case.number})
    for_colleague = colleague is not None and colleague != person
    if for_colleague and submission.case.sealed:
        told = _("%(number)s was submitted. Only discipline inspectors and your colleague can read it.")
        messages.success(request, told % {"number": submission.case.number})
        return redirect("cases:mine")
    page = "cases:spoken" if for_colleague else "cases:case"
    return HttpResponseRedirect(f"{reverse(page, args=[submission.case.pk])}?done=submit")


@unidentified
@never_cache
@require_POST
def check_subjects(request: HttpRequest) -> HttpResponse:
    """Whether what is written about whom it is was recognised, for whoever still writes. Nothing of it is kept.

    It tells no more of anybody than that such a name, number or unit exists, and after too many questions nothing.
    """
    words = request.POST.get("about", "")
    said = check(words, source=client_address(request)) if words.strip() else Subjects()
    return render(request, "cases/employee/_subjects.html", {"said": said, "too_many": said is None})


def _form_page(
    request: HttpRequest,
    form: SayForm,
    person: Person | None,
    status: int = HTTPStatus.OK,
    *,
    ticket: Ticket | None = None,
) -> HttpResponse:
    # Whoever is not signed in may sit at a shared machine: their words are not kept in its browser.
    drafts = {name: f"{DRAFT}.{person.pk}.{name}" for name in DRAFTED} if person else {}
    source = client_address(request)
    if ticket is None and ANONYMOUS.is_dense(source):
        ticket = ANONYMOUS.ticket(source, str(form["key"].value()))
    hints = {**IDENTITY_HINTS, Identity.ANONYMOUS: MIXED_HINT} if spool.is_on() else IDENTITY_HINTS
    context = {
        "form": form,
        "ticket": ticket,
        "person": person,
        "drafts": drafts,
        "anonymous_draft": ANONYMOUS_DRAFT if person else "",
        "sign_in_url": sign_in_url(reverse("cases:submit")),
        "emergency": emergencies.for_form(place=_place_of(form), words=_words_of(form)),
        "files_lost": bool(request.FILES) and status != HTTPStatus.OK,
        "identity_hints": hints,
        "identity_icons": IDENTITY_ICONS,
        "is_mixed": spool.is_on(),
        "other_identities": [
            (Identity(value).label, IDENTITY_ICONS[value], hints[value])
            for value in (Identity.NAMED, Identity.CONFIDENTIAL)
        ],
    }
    response = render(request, "cases/employee/say.html", context, status=status)
    if request.method != "POST" or _is_anonymous(request):
        add_never_cache_headers(response)  # Back shows nothing of what was sent; whoever gives a name may see it again
    return response


@unidentified
@require_safe
def how_anonymous(request: HttpRequest) -> HttpResponse:
    """What "anonymous" means here, what it does not, and what one can do about it."""
    return render(request, "cases/employee/how_anonymous.html", {"is_mixed": spool.is_on()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What an employee may want to know, with the times that apply here."""
    return render(request, "cases/employee/help.html", {"spans": usual_spans()})


def _place_of(form: SayForm) -> Unit | None:
    """The place that the form means as it is shown: the one chosen, else one's own unit unless it is anonymous."""
    value = str(form["place"].value() or "")
    if value.isdecimal():
        return units_below().filter(pk=read_number(value)).first()
    return None if form["identity"].value() == Identity.ANONYMOUS else form.own_unit


def _words_of(form: SayForm) -> str:
    return f"{form['title'].value() or ''}\n{form['body'].value() or ''}" if form.is_bound else ""


@unidentified
@require_safe
@gzip_page
@cache_control(public=True, max_age=300)
def emergency(_request: HttpRequest) -> JsonResponse:
    """The words of danger and the phones of all places, looked up in the browser: nothing of a draft leaves it."""
    return JsonResponse(emergencies.emergency_data())


@require_safe
@sign_in_required
def mine(request: HttpRequest) -> HttpResponse:
    """The cases that the viewer raised, or those of them in which words are found."""
    text = request.GET.get("text", "")[:MOST_ASKED]
    page = Paginator(my_cases(viewer=viewer_of(request), text=text), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, word_for(case)) for case in page]
    spoken = [(case, word_for(case)) for case in spoken_cases(viewer=viewer_of(request))]
    is_searched = bool(text) or page.paginator.num_pages > 1
    has_slip = numbers_meant(text) == []
    context = {"page": page, "rows": rows, "text": text, "is_searched": is_searched, "has_slip": has_slip}
    context["spoken"] = spoken
    return render(request, "cases/employee/mine.html", context)
