-- What will become of each case, in the order in which they are raised; then the steps that were made by now.
SELECT setseed(0.42);

CREATE UNLOGGED TABLE bench_matter AS
SELECT (row_number() OVER ())::int AS m, *
FROM (VALUES
    ('canteen-1', '食堂晚餐菜凉油大', '上夜班的同事到食堂时饭菜都凉了，油也偏大，肠胃受不了', '希望晚班延长保温，菜单能轻一些'),
    ('housing-1', '宿舍热水停了', '宿舍三楼的热水断断续续，晚上下班洗不了澡', '希望尽快修好并告诉我们恢复时间'),
    ('pay-2', '加班费少算', '上个月节假日加班的费用没有按三倍计算，班里好几个人都一样', '希望劳资部门核对考勤后补发'),
    ('hours-1', '排班太密', '倒班表连续安排了六个夜班，大家白天睡不好，开车也不放心', '希望按规定排班，夜班后安排休息'),
    ('safety-1', '护栏松动', '二号平台护栏的固定螺栓松动，人靠上去会晃', '请马上加固，并检查其他平台'),
    ('safety-3', '楼道堆物', '配电室旁的消防通道堆着旧桌椅，出了事跑不出去', '请清走并定人负责'),
    ('commute-1', '班车晚点', '早上班车经常晚点十几分钟，赶不上交接班', '希望调整发车时间或增加一班'),
    ('workplace-3', '系统太慢', '工单系统一到月底就打不开，填一张表要半小时', '希望扩容或错峰填报'),
    ('career-1', '培训机会少', '一线班组一年没有轮到外出培训，新设备没人教', '希望按岗位安排名额'),
    ('hardship-1', '家庭困难', '家里老人住院，半年花费已经超过工资，想申请帮扶', '请告诉我需要哪些材料'),
    ('labour-3', '班组矛盾', '两个班为了工具借用吵了几次，已经影响到干活', '希望有人来调解，把规矩定下来'),
    ('management-2', '报表重复', '同一份数据每周要填四张表，格式还都不一样', '建议合并成一张，由系统自动取数'),
    ('health-1', '手套不耐用', '新发的劳保手套两天就磨穿，换领还要审批', '希望换一个牌子，简化领用'),
    ('health-3', '体检项目', '今年体检没有听力检查，我们车间噪声很大', '建议补上听力和肺功能'),
    ('culture-1', '球场照明', '厂区球场的灯坏了一半，晚上活动看不清', '希望修复照明，开放到九点')
) matter (code, title, what, wish);

-- For each day: the close of business so many working days later.
CREATE UNLOGGED TABLE bench_due AS
WITH counted AS (SELECT day, working, sum(working::int) OVER (ORDER BY day) AS n FROM bench_day),
     closing AS (SELECT n, (day + time '17:30') AT TIME ZONE 'Asia/Shanghai' AS at FROM counted WHERE working)
SELECT day, d1.at AS d1, d2.at AS d2, d3.at AS d3, d7.at AS d7, d8.at AS d8, d10.at AS d10, d12.at AS d12,
       d15.at AS d15, d20.at AS d20, d30.at AS d30, d35.at AS d35
FROM counted
LEFT JOIN closing d1 ON d1.n = counted.n + 1 LEFT JOIN closing d2 ON d2.n = counted.n + 2
LEFT JOIN closing d3 ON d3.n = counted.n + 3 LEFT JOIN closing d7 ON d7.n = counted.n + 7
LEFT JOIN closing d8 ON d8.n = counted.n + 8 LEFT JOIN closing d10 ON d10.n = counted.n + 10
LEFT JOIN closing d12 ON d12.n = counted.n + 12 LEFT JOIN closing d15 ON d15.n = counted.n + 15
LEFT JOIN closing d20 ON d20.n = counted.n + 20 LEFT JOIN closing d30 ON d30.n = counted.n + 30
LEFT JOIN closing d35 ON d35.n = counted.n + 35;
CREATE UNIQUE INDEX ON bench_due (day);
ANALYZE bench_due;

CREATE UNLOGGED TABLE bench_raised AS
WITH given AS (
    SELECT current_setting('bench.since')::timestamptz AS since, current_setting('bench.now')::timestamptz AS now,
           current_setting('bench.companies')::int AS companies
), drawn AS (
    SELECT since + (now - since) * power(random(), 0.8) - interval '1 minute' AS at, 1 + floor(random() * companies)::int AS c,
           random() AS of_kind, random() AS of_identity, random() AS of_place, random() AS of_lead, random() AS of_fate,
           random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6,
           random() AS r7, random() AS r8, random() AS r9, companies
    FROM given, generate_series(1, current_setting('bench.cases')::int)
), placed AS (
    SELECT *, c - 1 + 29 * floor(r1 * CASE WHEN c <= 19 THEN 20 ELSE 19 END)::int AS t,
           c - 1 + 29 * floor(r2 * CASE WHEN c <= 19 THEN 20 ELSE 19 END)::int AS t2,
           1 + floor(r3 * companies)::int AS c2
    FROM drawn
)
SELECT row_number() OVER (ORDER BY at)::int AS n, md5('case' || row_number() OVER (ORDER BY at))::uuid AS id,
       date_trunc('second', at) AS submitted, c, t,
       CASE WHEN of_kind < .30 THEN 'help' WHEN of_kind < .45 THEN 'complaint' WHEN of_kind < .59 THEN 'suggestion'
            WHEN of_kind < .79 THEN 'question' WHEN of_kind < .87 THEN 'hazard' WHEN of_kind < .91 THEN 'dispute'
            WHEN of_kind < .93 THEN 'conduct' ELSE 'praise' END AS kind,
       CASE WHEN of_identity < .85 THEN 'named' WHEN of_identity < .93 THEN 'confidential' ELSE 'anonymous' END AS identity,
       CASE WHEN of_place < .02 THEN 1 WHEN of_place < .10 THEN 1 + c ELSE 31 + t END AS place,
       621 + t + 570 * (3 + floor(r4 * 31)::int) AS person,
       CASE WHEN of_kind BETWEEN .91 AND .93 THEN CASE WHEN of_lead < .3 THEN 1 ELSE 1 + c END
            WHEN of_lead < .55 THEN 1 + c WHEN of_lead < .90 THEN 31 + t2 ELSE 1 + c2 END AS lead,
       CASE WHEN of_kind BETWEEN .91 AND .93 THEN CASE WHEN of_lead < .3 THEN 8 ELSE 44 + (c - 1) * 20 END
            WHEN of_lead < .55 THEN 45 + (c - 1) * 20 + (r5 * 2)::int % 2
            WHEN of_lead < .90 THEN 621 + t2 + 570 * (1 + (r5 * 2)::int % 2)
            ELSE 45 + (c2 - 1) * 20 + (r5 * 2)::int % 2 END AS handler,
       CASE WHEN of_lead < .55 THEN 41 + (c - 1) * 20 WHEN of_lead < .90 THEN 621 + t2 ELSE 41 + (c2 - 1) * 20 END AS leader,
       42 + (c - 1) * 20 AS dispatcher, 43 + (c - 1) * 20 AS supervisor, 1 + (r6 * 1e6)::int % 15 AS m,
       CASE WHEN of_fate < .02 THEN 'withdrawn' WHEN of_fate < .05 THEN 'declined' WHEN of_fate < .07 THEN 'merged'
            WHEN of_fate < .08 THEN 'silent' ELSE 'replied' END AS fate,
       r1, r2, r3, r4, r5, r6, r7, r8, r9, random() AS r10, random() AS r11, random() AS r12, random() AS r13
FROM placed ORDER BY at;

CREATE UNLOGGED TABLE bench_plan AS
SELECT raised.*, kind = 'conduct' AS sealed, accepted, dispatched, signed, contacted, window_, contacted + window_ AS replied,
       r8 < .15 AS asks, r9 < .06 AS extends, r10 < .06 AS co, unrated,
       contacted + window_ + interval '1 day' * 7 * CASE WHEN unrated THEN 1 ELSE r12 END AS rated,
       NOT unrated AND r13 < .06 AS unhappy,
       CASE kind WHEN 'hazard' THEN dispatched + interval '4 hours' ELSE due.d2 END AS contact_due,
       CASE kind WHEN 'hazard' THEN dispatched + interval '24 hours'
                 WHEN 'question' THEN CASE WHEN r9 < .06 THEN due.d8 ELSE due.d3 END
                 WHEN 'dispute' THEN CASE WHEN r9 < .06 THEN due.d20 ELSE due.d15 END
                 WHEN 'conduct' THEN CASE WHEN r9 < .06 THEN due.d35 ELSE due.d30 END
                 ELSE CASE WHEN r9 < .06 THEN due.d12 ELSE due.d7 END END AS reply_due
FROM bench_raised raised
     CROSS JOIN LATERAL (SELECT submitted + interval '1 hour' * (.3 + 22 * r1 * r1) AS accepted, r11 > .70 AS unrated) one
     CROSS JOIN LATERAL (SELECT accepted + interval '1 hour' * (.1 + 6 * r2 * r2) AS dispatched) two
     CROSS JOIN LATERAL (SELECT CASE WHEN kind = 'conduct' THEN dispatched ELSE dispatched + interval '1 hour' * (.4 + 18 * r3 * r3) END
                     AS signed) three
     CROSS JOIN LATERAL (SELECT signed + interval '1 hour' * (.5 + 20 * r4 * r4) AS contacted,
                     interval '1 hour' * (4 + (.3 + r5) * CASE kind WHEN 'question' THEN 40 WHEN 'hazard' THEN 18 WHEN 'dispute' THEN 260
                                                      WHEN 'conduct' THEN 500 ELSE 110 END
                                         * CASE WHEN r7 < .06 THEN 2.5 WHEN r7 < .063 THEN 15 ELSE 1 END) AS window_) four
JOIN bench_due due ON due.day = (dispatched AT TIME ZONE 'Asia/Shanghai')::date
ORDER BY n;
CREATE UNIQUE INDEX ON bench_plan (n);
ANALYZE bench_plan;

-- A merged case follows the last one before it in its company that went its ordinary way.
CREATE UNLOGGED TABLE bench_primary AS
SELECT n, id, last, last_rated, last_replied FROM (
    SELECT n, id, fate, max(CASE WHEN fate = 'replied' AND NOT sealed THEN n END) OVER company AS last_n FROM bench_plan
    WINDOW company AS (PARTITION BY c ORDER BY n)
) follower, LATERAL (SELECT id AS last, rated AS last_rated, replied AS last_replied FROM bench_plan WHERE n = last_n) main
WHERE fate = 'merged';
UPDATE bench_plan SET fate = 'replied' WHERE fate = 'merged' AND (sealed OR NOT EXISTS (SELECT FROM bench_primary p WHERE p.n = bench_plan.n));
DELETE FROM bench_primary WHERE n NOT IN (SELECT n FROM bench_plan WHERE fate = 'merged');

CREATE UNLOGGED TABLE bench_step AS
SELECT n, version, action, source, target, role, actor, internal, at, data FROM bench_plan plan
LEFT JOIN (SELECT n AS follower, last_rated FROM bench_primary) main ON follower = n,
LATERAL (
    SELECT action, source, target, role, actor, internal, at, data, row_number() OVER (ORDER BY at, ord) AS version
    FROM (VALUES
        (1, true, 'submit', '', 'submitted', 'requester', CASE WHEN identity = 'named' THEN person END, false, submitted, jsonb_build_object('identity', identity, 'channel', 'web')),
        (2, fate <> 'declined' AND (fate <> 'withdrawn' OR r9 < .5), 'accept', 'submitted', 'accepted', CASE WHEN sealed THEN 'inspector' ELSE 'dispatcher' END, dispatcher, false, accepted, jsonb_build_object('kind', kind, 'category', '', 'urgency', 'normal')),
        (3, fate = 'withdrawn' AND r9 < .5, 'withdraw', 'accepted', 'withdrawn', 'requester', CASE WHEN identity = 'named' THEN person END, false, dispatched, '{}'),
        (3, fate = 'withdrawn' AND r9 >= .5, 'withdraw', 'submitted', 'withdrawn', 'requester', CASE WHEN identity = 'named' THEN person END, false, accepted, '{}'),
        (3, fate = 'declined', 'decline', 'submitted', 'declined', 'dispatcher', dispatcher, false, accepted, '{"reason": "repeated"}'),
        (4, fate = 'declined' AND r9 >= .9, 'appeal', 'declined', 'submitted', 'requester', CASE WHEN identity = 'named' THEN person END, false, accepted + interval '1 day', '{}'),
        (5, fate = 'declined' AND r9 >= .9, 'decline', 'submitted', 'declined', 'appeal_judge', supervisor, false, accepted + interval '2 days', '{"reason": "repeated"}'),
        (4, fate = 'merged', 'merge', 'accepted', 'merged', 'dispatcher', dispatcher, false, dispatched, '{}'),
        (5, fate = 'merged', 'lapse', 'merged', 'closed', 'clock', NULL, false, greatest(last_rated, dispatched + interval '7 days'), '{}'),
        (4, fate = 'silent', 'ask', 'accepted', 'waiting', 'dispatcher', dispatcher, false, dispatched, '{}'),
        (5, fate = 'silent', 'no_answer', 'waiting', 'closed', 'clock', NULL, false, dispatched + interval '14 days', '{}'),
        (4, fate = 'replied' AND NOT sealed, 'dispatch', 'accepted', 'dispatched', 'dispatcher', dispatcher, false, dispatched, jsonb_build_object('unit', lead, 'handler', NULL, 'co', '[]'::jsonb)),
        (5, fate = 'replied' AND NOT sealed, 'sign', 'dispatched', 'in_progress', 'handler', handler, false, signed, '{}'),
        (5, fate = 'replied' AND sealed, 'take_up', 'accepted', 'in_progress', 'inspector', handler, false, signed, jsonb_build_object('unit', lead)),
        (6, fate = 'replied', 'contact', 'in_progress', 'in_progress', 'lead_handler', handler, false, contacted, '{}'),
        (7, fate = 'replied' AND asks, 'ask', 'in_progress', 'waiting', 'lead_handler', handler, false, contacted + .1 * window_, '{}'),
        (8, fate = 'replied' AND asks, 'answer', 'waiting', 'in_progress', 'requester', CASE WHEN identity = 'named' THEN person END, false, contacted + .3 * window_, '{}'),
        (9, fate = 'replied' AND r6 < .95, 'note', 'in_progress', 'in_progress', 'lead_handler', handler, true, contacted + .35 * window_, '{}'),
        (10, fate = 'replied' AND r7 < .50, 'add', 'in_progress', 'in_progress', 'requester', CASE WHEN identity = 'named' THEN person END, false, contacted + .4 * window_, '{}'),
        (11, fate = 'replied' AND extends, 'request_extension', 'in_progress', 'in_progress', 'lead_handler', handler, false, contacted + .5 * window_, '{"days": 5}'),
        (12, fate = 'replied' AND extends, 'approve_extension', 'in_progress', 'in_progress', 'unit_leader', leader, false, contacted + .6 * window_, jsonb_build_object('days', 5, 'due', reply_due)),
        (13, fate = 'replied' AND r8 < .9, 'note', 'in_progress', 'in_progress', 'lead_handler', handler, true, contacted + .65 * window_, '{}'),
        (14, fate = 'replied' AND r10 < .97, 'note', 'in_progress', 'in_progress', 'handler', leader, true, contacted + .7 * window_, '{}'),
        (15, fate = 'replied' AND co, 'co_part', 'in_progress', 'in_progress', 'co_handler', 11, true, contacted + .75 * window_, '{"units": [1]}'),
        (16, fate = 'replied' AND replied > reply_due, 'overdue', 'in_progress', 'in_progress', 'clock', NULL, false, greatest(reply_due, contacted + .76 * window_), jsonb_build_object('clock', 'reply', 'due', reply_due, 'level', 1)),
        (17, fate = 'replied' AND replied > reply_due, 'supervise', 'in_progress', 'in_progress', 'clock', NULL, false, greatest(reply_due, contacted + .76 * window_), '{}'),
        (18, fate = 'replied', 'reply', 'in_progress', 'replied', 'lead_handler', handler, false, replied, '{}'),
        (19, fate = 'replied' AND unrated, 'lapse', 'replied', 'closed', 'clock', NULL, false, rated, '{}'),
        (19, fate = 'replied' AND NOT unrated, 'rate', 'replied', CASE WHEN unhappy THEN 'reopened' ELSE 'closed' END, 'requester', CASE WHEN identity = 'named' THEN person END, false, rated, jsonb_build_object('resolved', CASE WHEN unhappy THEN 'no' ELSE 'yes' END, 'satisfaction', CASE WHEN unhappy THEN 2 ELSE 5 - (r1 * 3)::int % 3 END, 'round', 1)),
        (20, fate = 'replied' AND unhappy, 'dispatch', 'reopened', 'dispatched', 'supervisor', supervisor, false, rated + interval '8 hours', jsonb_build_object('unit', lead, 'handler', NULL, 'co', '[]'::jsonb)),
        (21, fate = 'replied' AND unhappy, 'sign', 'dispatched', 'in_progress', 'handler', handler, false, rated + interval '14 hours', '{}'),
        (22, fate = 'replied' AND unhappy, 'contact', 'in_progress', 'in_progress', 'lead_handler', handler, false, rated + interval '20 hours', '{}'),
        (23, fate = 'replied' AND unhappy, 'reply', 'in_progress', 'replied', 'lead_handler', handler, false, rated + interval '1 hour' * (40 + 100 * r2), '{}'),
        (24, fate = 'replied' AND unhappy, 'rate', 'replied', 'closed', 'requester', CASE WHEN identity = 'named' THEN person END, false, rated + interval '1 hour' * (41 + 100 * r2 + 160 * r3), '{"resolved": "partly", "satisfaction": 3, "round": 2}')
    ) one (ord, happens, action, source, target, role, actor, internal, at, data)
    WHERE happens AND at <= current_setting('bench.now')::timestamptz
) made;
CREATE INDEX ON bench_step (n, version);
ANALYZE bench_step;
