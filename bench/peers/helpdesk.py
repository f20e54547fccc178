"""django-helpdesk as a project of its own, set for production as its and Django's documentation advise. Run in the
peer's environment: it knows nothing of Lianxin.

Left at Django's production defaults: cached templates, no debugging. To its favour: no mail is sent, nothing is
logged, connections are pooled as ours, and teams are off.
"""

import os
from datetime import timedelta

SECRET_KEY = "only for the benchmark"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.helpdesk_urls"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
MEDIA_ROOT = os.environ["PEER_MEDIA"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGIN_URL = "/login/"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.admin",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "helpdesk",
    "rest_framework",
]
SITE_ID = 1
HELPDESK_TEAMS_MODE_ENABLED = False
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PEER_NAME"],
        "USER": os.environ["PEER_USER"],
        "PASSWORD": os.environ["PEER_PASSWORD"],
        "HOST": os.environ["PEER_HOST"],
        "PORT": os.environ["PEER_PORT"],
        "OPTIONS": {"options": "-c search_path=peer", "pool": {"min_size": 2, "max_size": 8}},
    }
}
LOGGING = {"version": 1, "root": {"handlers": [], "level": "CRITICAL"}}


def fill(tickets: int, open_each: int) -> str:
    """Make the tables, a queue, somebody on the staff and the tickets; return the session of the member of staff."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - these are the settings
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from helpdesk.models import FollowUp, Queue, Ticket  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    queue = Queue.objects.create(title="Life", slug="life", allow_public_submission=True)
    staff = get_user_model().objects.create_user("staff", "staff@example.com", "secret", is_staff=True)
    now = timezone.now()
    Ticket.objects.bulk_create(
        [
            Ticket(
                title=f"宿舍热水 {number}",
                queue=queue,
                created=now,
                modified=now,
                description="宿舍三楼的热水停了三天。",
                submitter_email=f"someone{number}@example.com",
                status=Ticket.OPEN_STATUS if number % open_each == 0 else Ticket.CLOSED_STATUS,
                due_date=now + timedelta(minutes=number),
                secret_key="secret",
            )
            for number in range(tickets)
        ],
        batch_size=1000,
    )
    FollowUp.objects.bulk_create(
        [
            FollowUp(ticket_id=pk, date=now, title="Ticket Opened", public=True)
            for pk in Ticket.objects.values_list("pk", flat=True)
        ],
        batch_size=1000,
    )
    client = Client()
    client.force_login(staff)
    return client.cookies["sessionid"].value
