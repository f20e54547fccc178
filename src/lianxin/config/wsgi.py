"""The web application. One-click sign-in exists in a system that `lianxin demo` made, and in no other."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
application = get_wsgi_application()

if settings.DEMO:
    from lianxin.demo.mark import is_sample

    if not is_sample():
        raise ImproperlyConfigured("LIANXIN_DEMO is set, but this system was not made as a sample by `lianxin demo`.")

# What is loaded by now stays for good. The collector, which would look through all of it every few pages, leaves it
# alone from here on, and comes by less often: a page leaves little behind that only it can find.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
