"""Signals about the organisation, sent inside the transaction of the change.

A receiver that fails undoes the change, so a receiver only changes rows and defers jobs. Each is sent with `send`.
"""

from django.dispatch import Signal

person_left = Signal()
"""Somebody left, today or earlier; their roles and employment are already ended: `person_id`."""

role_ended = Signal()
"""Somebody's role was ended, or will end on a day that was set: `person_id`. One whose day comes by itself sends
nothing: who depends on it looks for what is left with nobody.
"""

person_returned = Signal()
"""Somebody who had left is employed again: `person_id`."""

person_corrected = Signal()
"""Somebody's name, employee number or phone was corrected: `person_id`, `employee_no` (the one to sign in with)."""

role_granted = Signal()
"""Somebody was granted a role, from today or a later day on: `person_id`."""

names_changed = Signal()
"""The enterprise's lists of places and equipment changed."""
