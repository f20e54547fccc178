"""The process of a case: `table.CASE` says who may do what when; the other modules say what that means."""

from lianxin.cases.workflow.actors import CLOCK, Actor, Clockwork, ReceiptHolder
from lianxin.cases.workflow.transitions import CASE

__all__ = ["CASE", "CLOCK", "Actor", "Clockwork", "ReceiptHolder"]
