"""What upper contexts hear of accounts, inside the transaction of the change, and add to signing in."""

from django.dispatch import Signal

from lianxin.kernel.extension_points import ExtensionPoint

account_activated = Signal()
"""Somebody set a password with a sign-in code: `person_id`."""

code_requested = Signal()
"""Somebody asked for a sign-in code: `person_id`; `batch`, from which it follows (`services.code_in`); `is_first`: the
account was never used, so that only the enterprise can say where its person is reached.
"""

code_ways: ExtensionPoint[[], bool] = ExtensionPoint()
"""Whether a requested code can be carried to anybody now."""
