"""Addresses of signing in. allauth looks for its names without a namespace; ours are `accounts:…`."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import include, path

from lianxin.accounts.views import people, profile, sign_in

_own = [
    path("sign-in/as/<int:person_id>/", sign_in.sign_in_as, name="sign_in_as"),
    path("activate/", sign_in.activate, name="activate"),
    path("activate/code/", sign_in.request_code, name="request_code"),
    path("setup/", sign_in.set_up, name="set_up"),
    path("setup/slips/", sign_in.setup_slips, name="setup_slips"),
    path("me/", profile.profile, name="profile"),
    path("me/password/", profile.change_password, name="change_password"),
    path("me/devices/", profile.sessions, name="sessions"),
    path("me/devices/sign-out-others/", profile.end_other_sessions, name="end_other_sessions"),
    path("me/devices/<uuid:sign_in_id>/sign-out/", profile.end_session, name="end_session"),
    path("accounts/", people.people, name="people"),
    path("accounts/codes/", people.issue_codes, name="issue_codes"),
    path("accounts/<int:person_id>/remove-second-step/", people.remove_second_factor, name="remove_second_factor"),
]

urlpatterns = [
    path("", include((_own, "accounts"))),
    path("language/", sign_in.set_language, name="set_language"),
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("me/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("me/confirm/code/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("me/confirm/passkey/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("me/second-step/", mfa_views.index, name="mfa_index"),
    path("me/second-step/app/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("me/second-step/app/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/second-step/passkeys/add/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("me/second-step/passkeys/<int:pk>/remove/", sign_in.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("me/second-step/recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "me/second-step/recovery-codes/new/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
