"""What an operator does with a system as a whole."""

from lianxin.operations.services.backup import Advance, Backup, back_up
from lianxin.operations.services.restore import restore
from lianxin.operations.services.verify import Checked, check

__all__ = ["Advance", "Backup", "Checked", "back_up", "check", "restore"]
