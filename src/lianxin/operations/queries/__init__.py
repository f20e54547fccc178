"""What can be seen of the system as a whole."""

from lianxin.operations.queries.backups import is_half_restored, last_backup
from lianxin.operations.queries.checks import Finding, Level, examine
from lianxin.operations.queries.exposition import exposition
from lianxin.operations.queries.running import is_ready

__all__ = ["Finding", "Level", "examine", "exposition", "is_half_restored", "is_ready", "last_backup"]
