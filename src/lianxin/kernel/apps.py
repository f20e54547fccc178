from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "lianxin.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.kernel.db_roles import grant_to_application_role  # noqa: PLC0415 - models are ready only now
        from lianxin.kernel.keys import note_keys  # noqa: PLC0415

        post_migrate.connect(grant_to_application_role, sender=self)
        post_migrate.connect(note_keys)  # of every app, as the table of units comes later
