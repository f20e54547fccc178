"""The account with which a person signs in, and what belongs to signing in.

Days only, no times of day: when somebody signed in must not tell which anonymous message may be theirs.
"""

from typing import ClassVar

import pgtrigger
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.accounts.enums import Device
from lianxin.kernel.models import BaseModel
from lianxin.kernel.triggers import Trigger


class UserManager(BaseUserManager["User"]):
    """Reads an account with its person, which every request needs."""

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("person")


class User(AbstractBaseUser):
    """One account a person. `username` is the employee number; signing in by phone finds the same account."""

    person = models.OneToOneField("org.Person", on_delete=models.PROTECT, related_name="user")
    username = models.CharField(_("employee number"), max_length=30, unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    last_login = None  # neither the column nor Django's receiver that fills it

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.person.name

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is in use and its person has not left."""
        return self.is_active and not self.person.has_left


class ActivationCode(models.Model):
    """The one-time code with which a person sets a password. Only its keyed hash is kept; a new one replaces it.

    A code that somebody `requested` leaves one on a slip as it is: else anybody could void slips.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="activation_codes")
    requested = models.BooleanField(default=False, db_default=False)
    code_hash = models.BinaryField(max_length=32)
    expires_on = models.DateField(_("last day"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "requested"], name="one_code_of_a_kind")]

    def __str__(self) -> str:
        return str(self.expires_on)


class CodeRequest(BaseModel):
    """Somebody asked for a sign-in code, by the number they typed; the worker takes it up at once and deletes it."""

    typed = models.CharField(max_length=30)

    def __str__(self) -> str:
        return "asked for"


class SetupCode(models.Model):
    """The one-time code with which the first three administrators are set up. At most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    code_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_setup_code")]

    def __str__(self) -> str:
        return "setup"


class SignIn(BaseModel):
    """A session of an account, as its owner sees it: on what kind of device, since which day.

    `session_key` is what the database keeps of the session's key (`kernel.sessions.stored_key`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("device"), max_length=10, choices=Device)
    signed_in_on = models.DateField(_("signed in on"))

    class Meta:
        ordering = ["-signed_in_on", "id"]

    def __str__(self) -> str:
        return self.get_device_display()


class AuthenticatorOfDays(Authenticator):
    """allauth's second factors, of which the database keeps days and no times of day, whatever allauth writes."""

    class Meta:
        proxy = True
        triggers = [
            Trigger(
                name="days_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.created_at := date_trunc('day', NEW.created_at);
                    NEW.last_used_at := date_trunc('day', NEW.last_used_at);
                    RETURN NEW;
                """,
            )
        ]
