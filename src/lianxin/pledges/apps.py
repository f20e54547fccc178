from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PledgesConfig(AppConfig):
    name = "lianxin.pledges"
    label = "pledges"
    verbose_name = _("pledges")

    def ready(self) -> None:
        from lianxin.notifications.events import register_subject  # noqa: PLC0415 - models are ready only now
        from lianxin.org.events import person_left  # noqa: PLC0415
        from lianxin.pledges import receivers  # noqa: PLC0415
        from lianxin.pledges.enums import PledgeNotice  # noqa: PLC0415
        from lianxin.pledges.policies import takes_part  # noqa: PLC0415
        from lianxin.pledges.queries import count_awaiting, visible_pledges  # noqa: PLC0415
        from lianxin.pledges.workflow import SUBJECT  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register, visible_to  # noqa: PLC0415

        person_left.connect(receivers.withdraw_pledges_of_leaver)
        register_subject(
            SUBJECT,
            sentences=PledgeNotice,
            url=lambda pledge_id: reverse("pledges:pledge", args=[pledge_id]),
            icons=dict.fromkeys(PledgeNotice, "target"),
            duties=(PledgeNotice.TO_REVIEW, PledgeNotice.RETURNED, PledgeNotice.DUE),
            standing=visible_pledges,
        )

        pages = ("pledge", "draft", "act", "cycles", "open_cycle")
        place = Entry(
            area="desk",
            label=_("Pledges"),
            url_name="pledges:list",
            icon="target",
            order=46,
            visible=visible_to(takes_part),
            count=count_awaiting,
            also=tuple(f"pledges:{page}" for page in pages),
        )
        register(place, also_for_employees=True)
