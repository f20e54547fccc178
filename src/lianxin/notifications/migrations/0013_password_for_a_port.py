"""The sealed password of the mail server opens for the port, too, for which it was entered."""

from cryptography.exceptions import InvalidTag
from django.db import migrations

from lianxin.kernel.crypto import seal, unseal

PURPOSE = "password of the mail server"


def bind_to_port(apps, schema_editor):  # noqa: ARG001 - as Django calls it
    for server in apps.get_model("notifications", "MailServer").objects.exclude(sealed_password=b""):
        account = f"{server.user}|{server.host}"
        try:
            password = unseal(PURPOSE, bytes(server.sealed_password), bound_to=account)
        except InvalidTag:  # its key is lost, and with it the password
            continue
        server.sealed_password = seal(PURPOSE, password, bound_to=f"{account}|{server.port}")
        server.save(update_fields=["sealed_password"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_letters")]

    operations = [migrations.RunPython(bind_to_port, migrations.RunPython.noop)]
