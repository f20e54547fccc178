"""Signals about what the software makes of cases.

Signals are sent with `send` inside the transaction of the change: a receiver that fails undoes it.
"""

from django.dispatch import Signal

cases_understood = Signal()
"""The worker read what these cases say (`queries.embeddings`), for the first time or after text or model changed:
`case_ids`.
"""
