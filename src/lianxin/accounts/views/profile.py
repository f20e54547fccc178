"""我的: what concerns oneself."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import queries, services
from lianxin.accounts.forms import ChangePasswordForm
from lianxin.accounts.views.sign_in import mistaken
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.sessions import stored_key


@require_safe
@sign_in_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, unit, roles, and the way to everything that can be set."""
    person = viewer_of(request)
    context = {
        "person": person,
        "roles": queries.roles_with_places(viewer=person),
        "second_factor": queries.has_second_factor(queries.own_account(request)),
        "sign_in_count": queries.sign_ins_of(user=queries.own_account(request)).count(),
    }
    return render(request, "accounts/profile.html", context)


@require_safe
@sign_in_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    found = queries.sign_ins_of(user=queries.own_account(request))
    present = stored_key(request.session.session_key or "")
    return render(request, "accounts/sessions.html", {"sign_ins": found, "present_key": present})


@require_POST
@sign_in_required
def end_session(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    services.end_session(user=queries.own_account(request), sign_in_id=sign_in_id)
    messages.success(request, _("That device has been signed out."))
    return redirect("accounts:sessions")


@require_POST
@sign_in_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    count = services.end_sessions(user=queries.own_account(request), except_key=request.session.session_key)
    said = ngettext("Signed out on %(count)d other device.", "Signed out on %(count)d other devices.", count)
    messages.success(request, said % {"count": count})
    return redirect("accounts:sessions")


@require_http_methods(["GET", "POST"])
@sign_in_required
@never_cache
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        user = queries.own_account(request)
        services.change_password(user=user, password=form.cleaned_data["password1"])
        update_session_auth_hash(request, user)
        services.note_sign_in(request=request, user=user)
        said = _("Password changed. You are signed out on all other devices.")
        messages.success(request, said)
        return redirect("accounts:profile")
    status = mistaken(form) if form.is_bound else 200
    return render(request, "accounts/change_password.html", {"form": form}, status=status)
