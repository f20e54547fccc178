"""The web application. One-click sign-in exists in a system that `lianxin demo` made, and in no other."""

import os
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)

if settings.DEMO:
    from lianxin.demo.flag import is_sample

    if not is_sample():
        raise ImproperlyConfigured("LIANXIN_DEMO is set, but this system was not made as a sample by `lianxin demo`.")
