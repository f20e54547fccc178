"""The hash tree over the record. Every event gets a salt (the table is written anew) and waits for the first batch."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import lianxin.kernel.triggers
import lianxin.ledger.models
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_triggers"),
        ("org", "0008_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("no", models.IntegerField(primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField(unique=True)),
                ("size", models.BigIntegerField(unique=True)),
                ("pads", models.IntegerField()),
                ("pad_seed", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("leaf", models.BinaryField(primary_key=True, serialize=False)),
                ("erased_by", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("no", models.IntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=400)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "the record began"),
                            ("restored", "a backup was restored"),
                            ("behind", "the database was older than the last published checkpoint"),
                            ("key", "the signing key was replaced"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="event",
            name="salt",
            field=models.BinaryField(db_default=lianxin.ledger.models.RandomSalt()),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="await_batch",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="INSERT INTO ledger_pending SELECT id FROM added; RETURN NULL;",
                    hash="8b49aae5aa110c87a33c32e215cbf21028991029",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_await_batch_e833f",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="ledger_event",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("salt"), function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="event_salt_size",
            ),
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="ledger.batch",
                    ),
                ),
                ("note", models.TextField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="erased",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("leaf"), function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="erased_leaf_size",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="erased",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="d7e0dd83357ba6f508fb5495dd0c75369661e008",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c75ef",
                    table="ledger_erased",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="erased",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="4242faaefed0229a1f1544b60939f87b5b0c9b17",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_5f937",
                    table="ledger_erased",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="origin",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.origin"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="origin",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="a799d9a6d0debb1d7b4d3d23252dc413474ef12a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c9ac7",
                    table="ledger_origin",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="origin",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="d7daa069dad3caa457074837797a00ca7143bbac",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_d735e",
                    table="ledger_origin",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tile",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("hashes"), function="octet_length", output_field=models.IntegerField()), 8192
                ),
                name="tile_hashes_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="tile",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("root"), function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="tile_root_size",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="a13fa442ee6538bef0c2e7b0c89236b27185340f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7d858",
                    table="ledger_tile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="af9fb6ef40665a5a02a6ea244485076b680ac02e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_d214a",
                    table="ledger_tile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checkpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="8f97a411cc6c95e1bcfaead7b813a378726761e1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7ee3f",
                    table="ledger_checkpoint",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="checkpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="da16113e993c9bd63a2a387b0289badcfc4c8c0a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_f95dc",
                    table="ledger_checkpoint",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(
                        django.db.models.expressions.CombinedExpression(models.F("size"), "%%", models.Value(256)), 0
                    ),
                    ("pads__gte", 0),
                    ("pads__lte", 256),
                    ("size__gt", 0),
                ),
                name="batch_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("pad_seed"), function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="batch_pad_seed_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("root"), function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="batch_root_size",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="309ca51f05791f881f700540188e1814bc49541e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_77b38",
                    table="ledger_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="4c0a20cceecd13de4f6a670f9570ac7e6aa278f0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_070eb",
                    table="ledger_batch",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            [
                # Hashes cannot be compressed.
                "ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL",
                "INSERT INTO ledger_pending SELECT id FROM ledger_event ORDER BY id",
            ],
            migrations.RunSQL.noop,
        ),
    ]
