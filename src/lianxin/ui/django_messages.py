"""Messages of Django's own that we say in other words: the catalogues of apps come before Django's.

The English words are in `ui/locale/en`.
"""

from django.utils.translation import gettext_lazy, ngettext_lazy

OURS = (
    gettext_lazy("This field is required."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
