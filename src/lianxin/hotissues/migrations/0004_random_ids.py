"""Ids of what joins a warning to a case or a person say nothing."""

from django.db import migrations

from lianxin.kernel.random_ids import random_ids


class Migration(migrations.Migration):
    dependencies = [("hotissues", "0003_meant")]

    operations = [
        random_ids("warningcase", "hotissues_warningcase"),
        random_ids("warningtold", "hotissues_warningtold"),
    ]
