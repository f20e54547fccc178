"""What an operator does with a system as a whole."""

from lianxin.operations.services.backup import Advance, Backup, back_up
from lianxin.operations.services.reading import Checked, check
from lianxin.operations.services.restoring import restore

__all__ = ["Advance", "Backup", "Checked", "back_up", "check", "restore"]
