"""What one can do with the board."""

from lianxin.board.services.posts import Texts, forget_post, keep_off, publish, rebuild_post_search, save_draft
from lianxin.board.services.reading import count_endorsements, endorse, make_feed_address, revoke_feed_address
from lianxin.board.services.record import RECORD, send_checkpoint

__all__ = [
    "RECORD",
    "Texts",
    "count_endorsements",
    "endorse",
    "forget_post",
    "keep_off",
    "make_feed_address",
    "publish",
    "rebuild_post_search",
    "revoke_feed_address",
    "save_draft",
    "send_checkpoint",
]
