-- The rows of the cases, in the order of time, as they would have been written.
CREATE UNLOGGED TABLE bench_stand AS
SELECT DISTINCT ON (n) n, target AS state, version, source AS before FROM bench_step ORDER BY n, version DESC;
CREATE UNIQUE INDEX ON bench_stand (n);
ANALYZE bench_stand;

-- A number of the month as `cases.models.numbers` makes them: another for each `n`, none after another.
CREATE FUNCTION bench_number(month text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    WITH alphabet (signs) AS (VALUES ('23456789ABCDEFGHJKMNPQRSTUVWXYZ')),
    -- 923521 is 31 to the fourth; a multiplier without a common divisor leads to each number once.
    drawn (v) AS (SELECT n * 610639 % 923521),
    places AS (
        SELECT place, substr(month, place, 1)::int AS value FROM generate_series(1, 4) place
        UNION ALL SELECT 5 + place, (v / 31 ^ place)::bigint % 31 FROM drawn, generate_series(0, 3) place
    )
    SELECT 'LX-' || month || '-' || string_agg(substr(signs, value::int + 1, 1), '' ORDER BY place) FILTER (WHERE place > 4)
        || substr(min(signs), ((31 - sum((place + 1) * value)::int % 31) % 31) + 1, 1)
    FROM places, alphabet
$$;

INSERT INTO cases_case (id, number, kind, sealed, urgency, title, body, about_text, channel, identity, requester_id,
    requester_tag, requester_sealed, receipt_hash, submission_hash, state, state_before_waiting, outcome, round, version,
    times_sent_back, appealed_at, supervised_at, remind_at, asked_to_withdraw, submitted_at, replied_at, closed_at,
    declined_by_id, handler_id, inspection_unit_id, lead_unit_id, place_unit_id, primary_id, category_id, due_clock, due_at)
SELECT plan.id,
       bench_number(to_char(submitted AT TIME ZONE 'Asia/Shanghai', 'YYMM'),
                    row_number() OVER (PARTITION BY to_char(submitted AT TIME ZONE 'Asia/Shanghai', 'YYMM') ORDER BY n)),
       plan.kind, sealed, CASE WHEN plan.kind = 'hazard' THEN 'urgent' ELSE 'normal' END,
       unit.name || matter.title, unit.name || '：' || matter.what || '，已经' || 1 + n % 17 || '天了。' || matter.wish || '。',
       '', 'web', identity, CASE identity WHEN 'named' THEN person END,
       CASE identity WHEN 'confidential' THEN tag END, CASE identity WHEN 'confidential' THEN sha256(n::text::bytea) END,
       CASE identity WHEN 'anonymous' THEN sha256(('receipt' || n)::bytea) END, sha256(('sent' || n)::bytea),
       stand.state,
       CASE WHEN stand.state = 'waiting' THEN CASE fate WHEN 'silent' THEN 'accepted' ELSE 'in_progress' END ELSE '' END,
       CASE WHEN stand.state <> 'closed' THEN '' WHEN fate = 'silent' THEN 'no_answer'
            WHEN fate = 'merged' OR unrated THEN 'unrated' ELSE 'rated' END,
       CASE WHEN unhappy AND fate = 'replied' AND rated <= now THEN 2 ELSE 1 END, stand.version, 0,
       CASE WHEN fate = 'declined' AND r9 >= .9 AND accepted + interval '1 day' <= now THEN accepted + interval '1 day' END,
       CASE WHEN fate = 'replied' AND (stand.version > 1 AND replied > reply_due AND greatest(reply_due, contacted + .76 * window_) <= now)
            THEN greatest(reply_due, contacted + .76 * window_)
            WHEN fate = 'replied' AND unhappy AND rated <= now THEN rated END,
       CASE WHEN stand.state IN ('in_progress', 'waiting', 'dispatched', 'reopened') AND fate = 'replied'
                 AND (replied > reply_due AND greatest(reply_due, contacted + .76 * window_) <= now OR unhappy AND rated <= now)
            THEN (SELECT d1 FROM bench_due WHERE day = (now AT TIME ZONE 'Asia/Shanghai')::date) END,
       fate = 'withdrawn' AND r10 < .05, submitted,
       CASE WHEN fate = 'replied' AND replied <= now THEN replied END,
       CASE WHEN stand.state IN ('closed', 'withdrawn', 'declined') THEN (SELECT at FROM bench_step s WHERE s.n = plan.n AND s.version = stand.version) END,
       CASE WHEN fate = 'declined' AND accepted <= now THEN dispatcher END,
       CASE WHEN fate = 'replied' AND signed <= now THEN handler END,
       CASE WHEN sealed OR fate = 'withdrawn' AND r10 < .05 THEN CASE WHEN sealed THEN lead ELSE 1 + c END END,
       CASE WHEN fate = 'replied' AND dispatched <= now THEN lead END, place,
       CASE WHEN stand.state IN ('merged', 'closed') AND fate = 'merged' THEN (SELECT last FROM bench_primary p WHERE p.n = plan.n) END,
       CASE WHEN accepted <= now THEN category.id END, '', NULL
FROM (SELECT *, current_setting('bench.now')::timestamptz AS now FROM bench_plan) plan
JOIN bench_stand stand USING (n) JOIN bench_matter matter USING (m) JOIN cases_category category USING (code)
JOIN org_unit unit ON unit.id = place LEFT JOIN bench_tag USING (person)
ORDER BY submitted;

INSERT INTO ledger_event (id, subject_type, subject_id, action, from_state, to_state, version, actor_id, role, internal, at, data)
SELECT gen_random_uuid(), 'case', plan.id::text, action, source, target, version, actor, role, internal, at, data
FROM bench_step JOIN bench_plan plan USING (n) ORDER BY at;

INSERT INTO cases_message (id, kind, role, text, internal, decline_reason, version, at, author_id, case_id)
SELECT md5('message' || n || '.' || version)::uuid,
       CASE action WHEN 'ask' THEN 'question' WHEN 'add' THEN 'addition' WHEN 'decline' THEN 'reason'
                   WHEN 'approve_extension' THEN 'reason' WHEN 'co_part' THEN 'part' ELSE action END,
       role,
       CASE action WHEN 'reply' THEN '您反映的问题我们到现场看过，已经安排' || n % 23 + 1 || '号班组处理，并和相关部门定了办法，后面每周检查一次。如果还有问题，请随时告诉我们。'
                   WHEN 'contact' THEN '您好，您反映的事已经交给我办，今天先和班组核实情况，有进展马上告诉您。'
                   WHEN 'ask' THEN '请问具体是哪一天、哪个地点发生的？有照片的话也请补充一下。'
                   WHEN 'answer' THEN '是上周三晚上十点左右，照片已经发上来了，谢谢。'
                   WHEN 'note' THEN '已电话联系班组长，约定明天上午现场查看。'
                   ELSE '情况已经核实，按规定办理，特此说明。' END,
       internal, CASE action WHEN 'decline' THEN 'repeated' ELSE '' END, version, at, actor, plan.id
FROM bench_step JOIN bench_plan plan USING (n)
WHERE action IN ('reply', 'contact', 'ask', 'answer', 'note', 'add', 'decline', 'appeal', 'approve_extension', 'co_part')
ORDER BY at;

CREATE UNLOGGED TABLE bench_clock AS
SELECT n, plan.id, clock, clock.round, unit, clock.measure, started, due, CASE WHEN done <= now THEN done END AS done,
       CASE WHEN ended <= now THEN ended END AS ended, now,
       CASE WHEN stand.state = 'waiting' AND clock NOT IN ('answer', 'rating') THEN contacted + .1 * window_ END AS paused
FROM (SELECT *, current_setting('bench.now')::timestamptz AS now FROM bench_plan) plan JOIN bench_stand stand USING (n)
JOIN bench_due sub ON sub.day = (submitted AT TIME ZONE 'Asia/Shanghai')::date
JOIN bench_due dis ON dis.day = (dispatched AT TIME ZONE 'Asia/Shanghai')::date
LEFT JOIN bench_due con ON con.day = (contacted AT TIME ZONE 'Asia/Shanghai')::date
LEFT JOIN bench_due rat ON rat.day = (rated AT TIME ZONE 'Asia/Shanghai')::date,
LATERAL (SELECT CASE kind WHEN 'hazard' THEN 'hours' ELSE 'working_days' END AS measured) measured,
LATERAL (VALUES
    (true, 'accept', 1, CASE WHEN sealed THEN lead ELSE place END, 'working_days', submitted, sub.d1,
     CASE WHEN fate <> 'withdrawn' OR r9 < .5 THEN accepted END, CASE WHEN fate = 'withdrawn' AND r9 >= .5 THEN accepted END),
    (fate = 'replied' AND NOT sealed, 'sign', 1, lead, 'working_days', dispatched, dis.d1, signed, NULL),
    (fate = 'replied', 'contact', 1, lead, measured, dispatched, contact_due, contacted, NULL),
    (fate = 'replied', 'reply', 1, lead, measured, dispatched, reply_due, replied, NULL),
    (fate = 'replied' AND asks, 'answer', 1, lead, 'working_days', contacted + .1 * window_, con.d10, contacted + .3 * window_, NULL),
    (fate = 'silent', 'answer', 1, place, 'working_days', dispatched, dis.d10, NULL, dispatched + interval '14 days'),
    (fate = 'replied', 'rating', 1, lead, 'days', replied, replied + interval '7 days', rated, NULL),
    (fate = 'replied' AND unhappy, 'accept', 2, lead, 'working_days', rated, rat.d1, rated + interval '8 hours', NULL),
    (fate = 'replied' AND unhappy, 'sign', 2, lead, 'working_days', rated + interval '8 hours', rat.d2, rated + interval '14 hours', NULL),
    (fate = 'replied' AND unhappy, 'contact', 2, lead, measured, rated + interval '8 hours', rat.d3, rated + interval '20 hours', NULL),
    (fate = 'replied' AND unhappy, 'reply', 2, lead, measured, rated + interval '8 hours', rat.d8, rated + interval '1 hour' * (40 + 100 * r2), NULL),
    (fate = 'replied' AND unhappy, 'rating', 2, lead, 'days', rated + interval '1 hour' * (40 + 100 * r2),
     rated + interval '1 hour' * (208 + 100 * r2), rated + interval '1 hour' * (41 + 100 * r2 + 160 * r3), NULL)
) clock (happens, clock, round, unit, measure, started, due, done, ended)
WHERE happens AND started <= now;

-- An overdue clock has risen before; it rises again at the next close of business.
INSERT INTO cases_clock (id, kind, round, unit_trail, measure, started_at, due_at, paused_at, completed_at, cancelled_at, level, escalates_at, case_id, unit_id)
SELECT gen_random_uuid(), clock, round, trail, measure, started, due, CASE WHEN done IS NULL AND ended IS NULL THEN paused END, done, ended,
       CASE WHEN coalesce(done, ended, now) > due THEN 1 ELSE 0 END,
       CASE WHEN due > now OR coalesce(done, ended) IS NOT NULL THEN due
            ELSE (SELECT d1 FROM bench_due WHERE day = (now AT TIME ZONE 'Asia/Shanghai')::date) END, bench_clock.id, unit
FROM bench_clock JOIN (
    SELECT below.id, array_agg(above.id ORDER BY above.depth) AS trail
    FROM org_unit below JOIN org_unit above ON below.path LIKE above.path || '%' GROUP BY below.id
) unit ON unit.id = unit ORDER BY started;

UPDATE cases_case SET due_at = due, due_clock = clock
FROM (SELECT DISTINCT ON (id) id, clock, due FROM bench_clock
      WHERE done IS NULL AND ended IS NULL AND clock NOT IN ('answer', 'rating') ORDER BY id, due) next
WHERE next.id = cases_case.id AND state NOT IN ('waiting', 'merged', 'closed', 'withdrawn', 'declined');

INSERT INTO cases_rating (id, round, unit_trail, resolved, satisfaction, comment, at, case_id, unit_id)
SELECT md5('rating' || n || '.' || (data ->> 'round'))::uuid, (data ->> 'round')::int, trail, data ->> 'resolved', (data ->> 'satisfaction')::int,
       CASE WHEN n % 3 = 0 THEN '比预想的快，谢谢。' ELSE '' END, at, plan.id, lead
FROM bench_step JOIN bench_plan plan USING (n) JOIN (
    SELECT below.id, array_agg(above.id ORDER BY above.depth) AS trail
    FROM org_unit below JOIN org_unit above ON below.path LIKE above.path || '%' GROUP BY below.id
) unit ON unit.id = lead WHERE action = 'rate' ORDER BY at;

INSERT INTO cases_extension (id, requested_at, days, reason, state, decided_at, decision_reason, case_id, decided_by_id, requested_by_id)
SELECT gen_random_uuid(), contacted + .5 * window_, 5, '备件还在路上，需要再等几天。', CASE WHEN contacted + .6 * window_ <= now THEN 'approved' ELSE 'requested' END,
       CASE WHEN contacted + .6 * window_ <= now THEN contacted + .6 * window_ END, '', id,
       CASE WHEN contacted + .6 * window_ <= now THEN leader END, handler
FROM bench_plan, (SELECT current_setting('bench.now')::timestamptz AS now) moment
WHERE fate = 'replied' AND extends AND contacted + .5 * window_ <= now;

INSERT INTO cases_cohandling (id, round, done_at, case_id, unit_id)
SELECT gen_random_uuid(), 1, CASE WHEN contacted + .75 * window_ <= now THEN contacted + .75 * window_ END, id, CASE WHEN lead = 1 THEN 2 ELSE 1 END
FROM bench_plan, (SELECT current_setting('bench.now')::timestamptz AS now) moment
WHERE fate = 'replied' AND co AND dispatched <= now;

INSERT INTO cases_about (id, case_id, person_id, unit_id)
SELECT gen_random_uuid(), id, CASE WHEN sealed THEN 621 + t + 570 * (r9 * 33)::int END, CASE WHEN NOT sealed THEN 31 + t END
FROM bench_plan WHERE sealed AND r10 < .6 OR kind = 'complaint' AND place < 31 AND lead <> 31 + t AND r10 < .05;

INSERT INTO cases_opening (id, role, day, at, case_id, person_id)
SELECT DISTINCT ON (plan.id, actor, (at AT TIME ZONE 'Asia/Shanghai')::date) gen_random_uuid(), role, (at AT TIME ZONE 'Asia/Shanghai')::date, at, plan.id, actor
FROM bench_step JOIN bench_plan plan USING (n)
WHERE action IN ('accept', 'contact', 'reply', 'approve_extension') AND actor IS NOT NULL
ORDER BY plan.id, actor, (at AT TIME ZONE 'Asia/Shanghai')::date, at;

INSERT INTO notifications_notice (id, recipient_id, recipient_tag, kind, subject_type, subject_id, label, at, passed_on, read_at)
SELECT md5('notice' || n || '.' || step.version || '.' || mine)::uuid, recipient, CASE WHEN recipient IS NULL THEN tag END, notice, 'case',
       plan.id::text, number, at, true, CASE WHEN at < current_setting('bench.now')::timestamptz - interval '20 days' OR (n + step.version) % 3 > 0 THEN at + interval '1 hour' END
FROM bench_step step JOIN bench_plan plan USING (n) JOIN cases_case made ON made.id = plan.id LEFT JOIN bench_tag USING (person), LATERAL (VALUES
    (false, CASE action WHEN 'submit' THEN 'to_accept' WHEN 'dispatch' THEN 'to_sign' WHEN 'rate' THEN 'rated' WHEN 'overdue' THEN 'overdue' END,
     CASE action WHEN 'submit' THEN CASE WHEN plan.sealed THEN plan.handler ELSE dispatcher END ELSE plan.handler END),
    (true, CASE WHEN plan.identity <> 'anonymous' THEN CASE action WHEN 'accept' THEN 'yours_accepted' WHEN 'contact' THEN 'yours_contact'
           WHEN 'reply' THEN 'yours_replied' WHEN 'ask' THEN 'yours_question' WHEN 'lapse' THEN 'yours_closed' END END,
     CASE WHEN plan.identity = 'named' THEN person END)
) told (mine, notice, recipient)
WHERE notice IS NOT NULL ORDER BY at;

DROP FUNCTION bench_number;
DROP TABLE bench_matter, bench_day, bench_due, bench_raised, bench_plan, bench_primary, bench_step, bench_stand, bench_clock, bench_tag;
