from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

READING = ("board:post", "board:statistics", "board:feed_address")
PREPARING = ("board:drafts", "board:edit", "board:keep_off")


class BoardConfig(AppConfig):
    name = "lianxin.board"
    label = "board"
    verbose_name = _("board")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.board import queries, receivers  # noqa: PLC0415
        from lianxin.cases.events import case_unshared, count_endorsements_by  # noqa: PLC0415
        from lianxin.cases.queries import has_desk  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register, visible_to  # noqa: PLC0415

        case_unshared.connect(receivers.forget_post_of_unshared_case)
        count_endorsements_by(queries.endorsed_cases)
        board = partial(Entry, label=_("Board"), url_name="board:board", icon="speakerphone")
        register(board(area="employee", order=30, visible=visible_to(), also=READING))
        register(
            board(
                area="desk",
                order=40,
                visible=visible_to(has_desk),
                count=lambda person: queries.draft_count(viewer=person),
                also=(*READING, *PREPARING),
            )
        )
