"""The triggers declared in the models take the place of those written by hand; there is no way back."""

import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


DROP_FORMER = [
    "DROP TRIGGER check_transition ON cases_case",
    "DROP TRIGGER search_follows ON cases_case",
    "DROP TRIGGER unread_new ON cases_case",
    "DROP TRIGGER unread_changed ON cases_case",
    "DROP TRIGGER meaning_sealed ON cases_case",
    "DROP TRIGGER append_only ON cases_message",
    "DROP TRIGGER append_only_truncate ON cases_message",
    "DROP TRIGGER append_only ON cases_rating",
    "DROP TRIGGER append_only_truncate ON cases_rating",
    "DROP TRIGGER append_only ON cases_opening",
    "DROP TRIGGER append_only_truncate ON cases_opening",
    "DROP TRIGGER append_only ON cases_unsealing",
    "DROP TRIGGER append_only_truncate ON cases_unsealing",
    "DROP FUNCTION cases_case_check_transition(), cases_follow_search(), cases_note_unread(), cases_forget_meaning()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_drop_sums"),
    ]

    operations = [
        migrations.RunSQL(DROP_FORMER),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="search_follows",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (OLD."asked_to_withdraw" IS DISTINCT FROM (NEW."asked_to_withdraw") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."inspection_unit_id" IS DISTINCT FROM (NEW."inspection_unit_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."lead_unit_id" IS DISTINCT FROM (NEW."lead_unit_id") OR OLD."place_unit_id" IS DISTINCT FROM (NEW."place_unit_id") OR OLD."sealed" IS DISTINCT FROM (NEW."sealed") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at"))',
                    func="\n    UPDATE cases_searchrow SET\n        sealed = NEW.sealed,\n        asked_to_withdraw = NEW.asked_to_withdraw,\n        state = NEW.state,\n        kind = NEW.kind,\n        submitted_at = NEW.submitted_at,\n        due_at = NEW.due_at,\n        place_unit_id = NEW.place_unit_id,\n        lead_unit_id = NEW.lead_unit_id,\n        inspection_unit_id = NEW.inspection_unit_id,\n        category_id = NEW.category_id\n    WHERE case_id = NEW.id;\n    RETURN NULL;\n",
                    hash="92d60437bd2f3b033c4d77ace354139133d651c2",
                    operation="UPDATE",
                    pgid="pgtrigger_search_follows_08115",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="unread_new",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (NOT NEW."sealed")',
                    func="\n    INSERT INTO cases_unread (case_id, raised_at) VALUES (NEW.id, date_trunc('hour', NEW.submitted_at));\n    RETURN NULL;\n",
                    hash="a80d78e27ec1ad36f9893c2fc3bb53873e3f884c",
                    operation="INSERT",
                    pgid="pgtrigger_unread_new_87ffc",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="unread_changed",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (NOT NEW."sealed" AND (OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."body" IS DISTINCT FROM (NEW."body")))',
                    func="\n    INSERT INTO cases_unread (case_id, raised_at) VALUES (NEW.id, date_trunc('hour', NEW.submitted_at));\n    RETURN NULL;\n",
                    hash="d220fbf69a6608f4739677aa99154f09411aa8d8",
                    operation='UPDATE OF "title", "body"',
                    pgid="pgtrigger_unread_changed_1f4b5",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="meaning_sealed",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (NEW."sealed" AND NOT OLD."sealed")',
                    func="\n    DELETE FROM cases_casemeaning WHERE case_id = NEW.id;\n    DELETE FROM cases_alike WHERE case_id = NEW.id OR other_id = NEW.id;\n    DELETE FROM cases_suggestion WHERE case_id = NEW.id;\n    RETURN NULL;\n",
                    hash="0469f5e0bac43b6bc5b9099108947cf3c2ac3d73",
                    operation='UPDATE OF "sealed"',
                    pgid="pgtrigger_meaning_sealed_a6ba3",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="check_transition",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\n            IF (OLD.state, NEW.state) NOT IN (('accepted', 'dispatched'), ('accepted', 'in_progress'), ('accepted', 'merged'), ('accepted', 'waiting'), ('accepted', 'withdrawn'), ('closed', 'reopened'), ('declined', 'submitted'), ('dispatched', 'accepted'), ('dispatched', 'in_progress'), ('dispatched', 'merged'), ('dispatched', 'waiting'), ('dispatched', 'withdrawn'), ('in_progress', 'accepted'), ('in_progress', 'dispatched'), ('in_progress', 'merged'), ('in_progress', 'replied'), ('in_progress', 'waiting'), ('in_progress', 'withdrawn'), ('merged', 'closed'), ('merged', 'reopened'), ('merged', 'submitted'), ('reopened', 'dispatched'), ('reopened', 'in_progress'), ('reopened', 'merged'), ('replied', 'closed'), ('replied', 'reopened'), ('submitted', 'accepted'), ('submitted', 'declined'), ('submitted', 'merged'), ('submitted', 'waiting'), ('submitted', 'withdrawn'), ('waiting', 'accepted'), ('waiting', 'closed'), ('waiting', 'dispatched'), ('waiting', 'in_progress'), ('waiting', 'merged'), ('waiting', 'submitted'), ('waiting', 'withdrawn')) THEN\n                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6a48d94f121c1e2cae69e3885388919bb7b0faa3",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_check_transition_f6bb6",
                    table="cases_case",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="86a70814ce0829c086fd0df085d888e2129ea4c4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fefcd",
                    table="cases_message",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="281bea225a23ba4c0ea84c13834349baf1cce1e9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_73c96",
                    table="cases_message",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opening",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="72566c5ee686f6e82a060d8bc7ce51575c8d0418",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e9c3c",
                    table="cases_opening",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opening",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="b43cbb7c5cee0622a215636b62867ca441781c40",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_cc5f1",
                    table="cases_opening",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rating",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="945f2e3f1332f8b9ed4b8ac841ac099de3a90138",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_42e08",
                    table="cases_rating",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rating",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="bc09ce0b283cb524e5b616717b8f424c4af4f661",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_bbdc5",
                    table="cases_rating",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unsealing",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="21818650ecddc88293278286d33135bfb111259a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cf5ed",
                    table="cases_unsealing",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unsealing",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="fd8ff405996437eccf2c3c2cda7b9f1a7db57f44",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_ad7dc",
                    table="cases_unsealing",
                    when="BEFORE",
                ),
            ),
        ),
    ]
