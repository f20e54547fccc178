"""The tables are those of `hotissues`, where early warnings began: only their triggers are made anew."""

import django.contrib.postgres.fields
import django.db.models.deletion
import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0023_desk_role"),
        ("hotissues", "0007_alerts_apart"),
        ("org", "0008_triggers"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AlertRule",
                    fields=[
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("danger", "Personal safety risk"),
                                    ("hazard", "Repeated hazard"),
                                    ("people", "Many people report the same issue"),
                                    ("growth", "Issue grows compared with its own history"),
                                    ("returned", "Closed issue recurs"),
                                    ("dissatisfied", "Unusual dissatisfaction in a unit"),
                                ],
                                max_length=12,
                                primary_key=True,
                                serialize=False,
                                verbose_name="rule",
                            ),
                        ),
                        ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                        ("fewest", models.PositiveSmallIntegerField(null=True, verbose_name="at least")),
                        ("days", models.PositiveSmallIntegerField(verbose_name="within (days)")),
                        (
                            "before_days",
                            models.PositiveSmallIntegerField(null=True, verbose_name="comparison period (days)"),
                        ),
                        (
                            "alpha",
                            models.DecimalField(
                                decimal_places=4, max_digits=5, null=True, verbose_name="maximum probability by chance"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.person",
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hotissues_warningrule",
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "danger",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("crisis", "crisis"),
                                    ("life", "life"),
                                    ("violence", "violence"),
                                    ("hazard", "hazard"),
                                    ("hardship", "hardship"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("cases", models.PositiveIntegerField()),
                        ("of", models.PositiveIntegerField(null=True)),
                        ("fewest", models.PositiveSmallIntegerField(null=True)),
                        ("days", models.PositiveIntegerField(null=True)),
                        ("past", models.PositiveIntegerField(null=True)),
                        ("past_of", models.PositiveIntegerField(null=True)),
                        ("before_days", models.PositiveIntegerField(null=True)),
                        ("expected", models.FloatField(null=True)),
                        ("probability", models.FloatField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "new"),
                                    ("taken", "in progress"),
                                    ("acted", "handled"),
                                    ("dismissed", "no action needed"),
                                ],
                                default="new",
                                max_length=10,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("raised_at", models.DateTimeField()),
                        ("rises_at", models.DateTimeField(null=True)),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("note", models.TextField(blank=True, verbose_name="action taken, or why none")),
                        ("false_alarm", models.BooleanField(default=False, verbose_name="false alarm")),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="cases.category",
                            ),
                        ),
                        (
                            "issue",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alerts",
                                to="hotissues.issue",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.person",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alerts",
                                to="alerts.alertrule",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hotissues_earlywarning",
                    },
                ),
                migrations.CreateModel(
                    name="Peril",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="cases.case",
                            ),
                        ),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=10), size=None
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hotissues_peril",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kinds__contained_by", ["crisis", "life", "violence", "hazard", "hardship"]),
                                    models.Q(("kinds", []), _negated=True),
                                ),
                                name="peril_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertCase",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "alert",
                            models.ForeignKey(
                                db_column="warning_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="alerts.alert",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hotissues_warningcase",
                        "constraints": [models.UniqueConstraint(fields=("alert", "case"), name="warning_case_once")],
                    },
                ),
                migrations.CreateModel(
                    name="AlertRecipient",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "alert",
                            models.ForeignKey(
                                db_column="warning_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recipients",
                                to="alerts.alert",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="org.person",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "hotissues_warningtold",
                        "constraints": [models.UniqueConstraint(fields=("person", "alert"), name="warning_told_once")],
                    },
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["danger", "hazard", "people", "growth", "returned", "dissatisfied"])
                        ),
                        name="warning_rule_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(condition=models.Q(("days__gte", 1)), name="warning_rule_days"),
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["people", "growth"]), _negated=True),
                            models.Q(("fewest__gte", 3), ("fewest__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_rule_three_people",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["hazard", "dissatisfied"]), _negated=True),
                            models.Q(("fewest__gte", 2), ("fewest__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_rule_fewest",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["growth", "returned", "dissatisfied"]), _negated=True),
                            models.Q(("before_days__gte", 1), ("before_days__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_rule_before",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alertrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["growth", "dissatisfied"]), _negated=True),
                            models.Q(("alpha__gt", 0), ("alpha__isnull", False), ("alpha__lt", 1)),
                            _connector="OR",
                        ),
                        name="warning_rule_alpha",
                    ),
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(condition=models.Q(("state", "new")), fields=["rises_at"], name="warning_rises"),
                ),
                migrations.AddIndex(
                    model_name="alert",
                    index=models.Index(fields=["-raised_at"], name="warning_raised"),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "taken", "acted", "dismissed"])),
                        name="warning_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("case__isnull", False),
                                ("category__isnull", True),
                                ("issue__isnull", True),
                                ("unit__isnull", True),
                            ),
                            models.Q(
                                ("case__isnull", True),
                                ("category__isnull", True),
                                ("issue__isnull", False),
                                ("unit__isnull", False),
                            ),
                            models.Q(("case__isnull", True), ("issue__isnull", True), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_of_one_subject",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("false_alarm", False), ("settled_at__isnull", True), ("state__in", ("new", "taken"))
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                models.Q(("state__in", ("new", "taken")), _negated=True),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="warning_settled_with_note",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("false_alarm", False), ("state", "dismissed"), _connector="OR"),
                        name="warning_false_is_dismissed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("issue__isnull", False), ("state__in", ("new", "taken"))),
                        fields=("rule", "issue"),
                        name="one_warning_of_an_issue",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("case__isnull", False)),
                        fields=("rule", "case"),
                        name="one_warning_of_a_case",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="alert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("case__isnull", True), ("issue__isnull", True), ("state__in", ("new", "taken"))
                        ),
                        fields=("rule", "unit", "category"),
                        name="one_warning_of_a_unit",
                        nulls_distinct=False,
                    ),
                ),
            ]
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="check_transition",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\n            IF (OLD.state, NEW.state) NOT IN (('new', 'acted'), ('new', 'dismissed'), ('new', 'taken'), ('taken', 'acted'), ('taken', 'dismissed')) THEN\n                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="46b0453b06a2c222e617e29f28722379327f7030",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_check_transition_dabf6",
                    table="hotissues_earlywarning",
                    when="BEFORE",
                ),
            ),
        ),
    ]
