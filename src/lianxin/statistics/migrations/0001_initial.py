import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lianxin.cases.enums import CaseKind, Channel

MEASURES = (
    "raised imported merged withdrawn declined no_answer response_due response_met reply_due reply_met rated resolved "
    "satisfied reopened closed closed_rated first_pass final_resolved final_satisfied"
).split()

IN_RATES = (
    "NOT c.sealed AND NOT c.is_test AND c.channel <> 'import' AND c.state NOT IN ('merged', 'withdrawn', 'declined')"
)
OF_CASE = "c.id, c.kind, c.category_id, c.channel"


def day(moment):
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def insert(select, *measures):
    columns = ", ".join(("case_id", "kind", "category_id", "channel", "day", "unit_id", "unit_trail", "counts_from"))
    others = [name for name in MEASURES if name not in measures]
    return (
        f"INSERT INTO statistics_casefact (id, {columns}, {', '.join([*measures, *others])}) "
        f"SELECT gen_random_uuid(), found.*, {', '.join(['false'] * len(others))} FROM ({select}) AS found"
    )


WHERE = """
    LEFT JOIN LATERAL (
        SELECT unit_id, unit_trail FROM cases_clock
        WHERE case_id = c.id AND kind IN ('accept', 'reply', 'rating')
        ORDER BY kind = 'accept', round DESC, started_at DESC, kind = 'rating' DESC, cancelled_at DESC NULLS FIRST LIMIT 1
    ) AS k ON true
    LEFT JOIN cases_importedmessage AS i ON i.case_id = c.id"""
UNIT = "coalesce(k.unit_id, c.place_unit_id)"
TRAIL = """coalesce(k.unit_trail, i.unit_trail, (
    SELECT array_agg(above.id ORDER BY above.path) FROM org_unit AS place
    JOIN org_unit AS above ON starts_with(place.path, above.path) WHERE place.id = c.place_unit_id))"""
SUBMITTED = insert(
    f"""SELECT {OF_CASE}, {day("c.submitted_at")}, {UNIT}, {TRAIL}, NULL::timestamptz, true, c.channel = 'import',
        c.state = 'merged', c.state = 'withdrawn', c.state = 'declined', coalesce(c.outcome = 'no_answer', false)
    FROM cases_case AS c {WHERE} WHERE NOT c.sealed AND NOT c.is_test""",
    *("raised", "imported", "merged", "withdrawn", "declined", "no_answer"),
)
RATED = "c.outcome = 'rated'"
CLOSED = insert(
    f"""SELECT {OF_CASE}, {day("c.closed_at")}, {UNIT}, {TRAIL}, NULL::timestamptz, true, {RATED},
        coalesce({RATED} AND c.round = 1 AND r.resolved = 'yes', false), coalesce({RATED} AND r.resolved = 'yes', false),
        coalesce({RATED} AND r.satisfaction >= 3, false)
    FROM cases_case AS c {WHERE} LEFT JOIN cases_rating AS r ON r.case_id = c.id AND r.round = c.round
    WHERE {IN_RATES} AND c.state = 'closed' AND c.outcome IN ('rated', 'unrated')""",
    *("closed", "closed_rated", "first_pass", "final_resolved", "final_satisfied"),
)
DEADLINES = [
    insert(
        f"""SELECT {OF_CASE}, {day("k.due_at")}, k.unit_id, k.unit_trail,
            CASE WHEN k.met_at IS NULL THEN k.due_at END, true, coalesce(k.met_at <= k.due_at, false)
        FROM cases_clock AS k JOIN cases_case AS c ON c.id = k.case_id
        WHERE k.kind = '{kind}' AND k.cancelled_at IS NULL AND {IN_RATES}
            AND (k.met_at IS NOT NULL OR k.paused_at IS NULL OR k.due_at <= k.paused_at)""",
        *(f"{name}_due", f"{name}_met"),
    )
    for kind, name in (("contact", "response"), ("reply", "reply"))
]
RATINGS = insert(
    f"""SELECT {OF_CASE}, {day("r.at")}, r.unit_id, r.unit_trail, NULL::timestamptz, true, r.resolved = 'yes',
        r.satisfaction >= 3, r.resolved = 'no' OR r.satisfaction <= 2
    FROM cases_rating AS r JOIN cases_case AS c ON c.id = r.case_id WHERE r.round = 1 AND {IN_RATES}""",
    *("rated", "resolved", "satisfied", "reopened"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_is_test"),
        ("org", "0006_folded_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "unit_trail",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("counts_from", models.DateTimeField(null=True)),
                ("kind", models.CharField(choices=CaseKind, max_length=12)),
                ("channel", models.CharField(choices=Channel, max_length=10)),
                *((name, models.BooleanField(default=False)) for name in MEASURES),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="cases.case"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cases.category",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
        ),
        # Filled before the indexes are there, which is quicker. What is counted is frozen here; `facts` says it now.
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (SUBMITTED, CLOSED, *DEADLINES, RATINGS)),
        migrations.AddIndex("casefact", models.Index(fields=["day"], name="casefact_day")),
        migrations.AddIndex(
            "casefact", django.contrib.postgres.indexes.GinIndex(fields=["unit_trail"], name="casefact_trail")
        ),
    ]
