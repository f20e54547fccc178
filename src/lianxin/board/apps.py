from functools import partial

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

READING = ("board:post", "board:statistics", "board:feed_address", "board:record")
PREPARING = ("board:drafts", "board:edit", "board:keep_off")


class BoardConfig(AppConfig):
    name = "lianxin.board"
    label = "board"
    verbose_name = _("board")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.board import queries, receivers, services  # noqa: PLC0415
        from lianxin.board.enums import RecordNotice  # noqa: PLC0415
        from lianxin.cases.events import case_unshared, count_endorsements_by  # noqa: PLC0415
        from lianxin.cases.queries import has_desk  # noqa: PLC0415
        from lianxin.ledger.queries import note_at  # noqa: PLC0415
        from lianxin.notifications.events import register_subject  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register, visible_to  # noqa: PLC0415

        case_unshared.connect(receivers.forget_post_of_unshared_case)
        count_endorsements_by(queries.endorsed_cases)
        register_subject(
            services.RECORD,
            sentences=RecordNotice,
            url=lambda _size: reverse("board:record"),
            icons={RecordNotice.CHECKPOINT: "certificate"},
            enclosed=lambda size: note_at(int(size)),
        )
        _tell_the_trail()
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


def _tell_the_trail() -> None:
    from lianxin.ledger import services  # noqa: PLC0415 - models are ready only now
    from lianxin.ledger.queries import origins  # noqa: PLC0415
    from lianxin.org.queries import Kind, register_kind  # noqa: PLC0415

    opened = {"open": pgettext_lazy("in the record", "began")}
    erased = {"erase": pgettext_lazy("in the record", "erased by law")}
    register_kind(
        services.ORIGIN,
        Kind(_("name of the record"), opened, lambda _ids: {str(each.no): each.name for each in origins()}),
    )
    register_kind(services.EVENT, Kind(_("entry of the record"), erased, lambda ids: {each: each for each in ids}))
