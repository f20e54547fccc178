"""Everything that can be set. Each value comes from the environment or has a sane default; see
docs/admin/configuration.md.
"""

import os
from pathlib import Path

from django.contrib.messages import constants as messages
from django.utils.translation import gettext_lazy as _

from lianxin.config.address import noted_public_url, public_url
from lianxin.config.database import databases
from lianxin.config.environment import Environment
from lianxin.config.mail import mail_is_declined, mail_server
from lianxin.kernel.secrets import given, secret
from lianxin.kernel.tables import ANY

env = Environment()

DATA_DIR = Path(env.str("LIANXIN_DATA_DIR", "data")).resolve()
DEBUG = env.bool("LIANXIN_DEBUG", False)
DEMO = env.bool("LIANXIN_DEMO", False)
"""The sample enterprise: one-click sign-in, no second factor. Never with real people's data."""

SECRET_KEY = secret("LIANXIN_SECRET_KEY", DATA_DIR)
LIANXIN_SEAL_KEY = secret("LIANXIN_SEAL_KEY", DATA_DIR)
"""Seals requesters' identities; whoever holds a copy of the database without it learns nobody's name from it."""
LIANXIN_RECORD_KEY = secret("LIANXIN_RECORD_KEY", DATA_DIR)
"""Signs the checkpoints of the record. In no backup: a restored system signs under a new name."""

LIANXIN_METRICS_TOKEN = given("LIANXIN_METRICS_TOKEN")
"""Whoever shows it may read `/metrics`; without it there is no such page."""

ALLOWED_HOSTS = [*env.list("LIANXIN_ALLOWED_HOSTS", default=["*"]), "127.0.0.1", "localhost", "[::1]"]
"""Programs of the same machine ask for `/healthz` by address."""
CSRF_TRUSTED_ORIGINS = env.list("LIANXIN_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("LIANXIN_HTTPS", False)
"""Served over TLS by a proxy in front."""

INSTALLED_APPS = [
    "lianxin.kernel",
    "lianxin.ui",
    "lianxin.ledger",
    "lianxin.org",
    "lianxin.accounts",
    "lianxin.notifications",
    "lianxin.cases",
    "lianxin.classification",
    "lianxin.statistics",
    "lianxin.board",
    "lianxin.hotissues",
    "lianxin.alerts",
    "lianxin.pledges",
    "lianxin.home",
    "lianxin.demo",
    "lianxin.operations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "treebeard",
    "procrastinate.contrib.django",
    "pgtrigger",
]

MIDDLEWARE = [
    "lianxin.operations.middleware.CountingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianxin.ui.middleware.ContentPolicyMiddleware",
    "lianxin.ui.middleware.PrivatePagesMiddleware",
    "lianxin.accounts.middleware.LanguageMiddleware",
    "lianxin.ui.middleware.ReadableInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lianxin.accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lianxin.ui.middleware.ErrorPagesMiddleware",
]

FILTERS_EMPTY_CHOICE_LABEL = ANY

ROOT_URLCONF = "lianxin.config.urls"
WSGI_APPLICATION = "lianxin.config.wsgi.application"

TEMPLATE_LOADERS = ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "lianxin.accounts.context_processors.viewer",
                "lianxin.ui.context_processors.frame",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

COTTON_ISOLATE_BY_DEFAULT = True  # a component knows what it is given and what every page knows, nothing of the page
FORM_RENDERER = "lianxin.ui.forms.FormRenderer"

DATABASES = databases(dict(os.environ), DATA_DIR)
LIANXIN_APP_ROLE = env.str("LIANXIN_APP_ROLE", "lianxin_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lianxin.accounts.backends.EmployeeBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Sign-in (django-allauth)
ACCOUNT_ADAPTER = "lianxin.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "lianxin.accounts.forms.LoginForm",
    "reauthenticate": "lianxin.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours count failures only, in the database: lianxin.accounts.services.attempts
MFA_ADAPTER = "lianxin.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "lianxin.accounts.forms.AuthenticateForm",
    "reauthenticate": "lianxin.accounts.forms.CodeReauthenticateForm",
    "activate_totp": "lianxin.accounts.forms.ActivateTotpForm",
    "add_webauthn": "lianxin.accounts.forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ by half a minute
MFA_RATE_LIMITS = {"webauthn_login": None}  # there is no secret to guess
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LIANXIN_TRUSTED_PROXIES = env.int("LIANXIN_TRUSTED_PROXIES", 0)
"""How many proxies of our own stand in front and add to X-Forwarded-For."""

LIANXIN_SPOOL_SECONDS = env.float("LIANXIN_SPOOL_SECONDS", 2.0)
"""How often the spool's cells are sealed anew; 0 switches it off: then the moment of an anonymous act can be read from
the database, and the form says so."""

SESSION_ENGINE = "lianxin.kernel.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "lianxin_session"
CSRF_COOKIE_NAME = "lianxin_csrf"
CSRF_FAILURE_VIEW = "lianxin.accounts.views.csrf.csrf_failure"
LANGUAGE_COOKIE_NAME = "lianxin_language"
# A signed cookie with the session cookie's flags: pages of people who are not signed in touch no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
MESSAGE_TAGS = {messages.ERROR: "danger"}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
TIME_ZONE = env.str("LIANXIN_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

PLAIN_STATIC = env.bool("LIANXIN_PLAIN_STATIC", False)
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PLAIN_STATIC
MEDIA_ROOT = DATA_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "lianxin.kernel.files.receiving.RoomyUploadHandler",
]

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
"""Where mail goes while no server is set up."""
EMAIL_USE_LOCALTIME = True  # mails are dated in the enterprise's zone
LIANXIN_MAIL = mail_server(os.environ)
LIANXIN_MAIL_DECLINED = mail_is_declined(os.environ)
"""`LIANXIN_MAIL_URL=none`: nobody is asked to set mail up."""
LIANXIN_MAIL_FROM = env.str("LIANXIN_MAIL_FROM", "Lianxin <lianxin@localhost>")
# To be confirmed by each enterprise: 12356 is the national psychological help line, 12388 discipline inspection.
LIANXIN_CRISIS_HOTLINE = env.str("LIANXIN_CRISIS_HOTLINE", "12356")
LIANXIN_DISCIPLINE_HOTLINE = env.str("LIANXIN_DISCIPLINE_HOTLINE", "12388")
LIANXIN_PUBLIC_URL = public_url(os.environ) or noted_public_url(DATA_DIR)
"""Where people reach the site: on slips and posters, in mails (see `kernel.public_url`)."""

LOG_FORMAT = "json" if env.str("LIANXIN_LOG_FORMAT", "text") == "json" else "text"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "lianxin.kernel.logs.JsonLines"},
    },
    "filters": {
        "unidentified": {"()": "lianxin.kernel.logs.Unidentified"},
        "nobody": {"()": "lianxin.kernel.logs.NoPersonalData"},
    },
    "handlers": {
        "console": {
            "class": "lianxin.kernel.logs.HourlyForUnidentified",
            "formatter": LOG_FORMAT,
            "filters": ["unidentified", "nobody"],
        }
    },
    # While the database is away its pool would warn several times a second; the errors of requests say it once.
    # What a client did wrong would be a line with its moment and its page, such as /say/.
    "loggers": {"psycopg.pool": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env.str("LIANXIN_LOG_LEVEL", "WARNING")},
}
