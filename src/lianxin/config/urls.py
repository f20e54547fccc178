"""The addresses of the site: each context has its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path("", include(f"lianxin.{context}.urls"))
        for context in (
            "operations",
            "home",
            "statistics",
            "cases",
            "board",
            "alerts",
            "hotissues",
            "pledges",
            "notifications",
            "accounts",
            "org",
            "ui",
        )
        if find_spec(f"lianxin.{context}.urls")
    ),
]

handler500 = "lianxin.ui.views.server_error"
