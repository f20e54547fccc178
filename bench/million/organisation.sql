-- One enterprise: 1 head office, 29 companies, 570 teams; 20,000 people. Who is who follows from the number:
--   1–40 head office; then 20 for each company's office; then the teams in turn, 34 people each, in this order:
--   leader, two handlers, 31 plain employees.
CREATE FUNCTION pg_temp.step(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '00' || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (n / 36)::int + 1, 1)
                || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (n % 36)::int + 1, 1) $$;

INSERT INTO org_unit (id, path, depth, numchild, name, code, kind)
SELECT 1, '0001', 1, 29, '连心集团', 'B', 'enterprise'
UNION ALL
SELECT 1 + c, '0001' || pg_temp.step(c), 2, CASE WHEN c <= 19 THEN 20 ELSE 19 END, '第' || c || '分公司', 'B-' || c,
       'company'
FROM generate_series(1, 29) c
UNION ALL
SELECT 31 + t, '0001' || pg_temp.step(t % 29 + 1) || pg_temp.step(t / 29 + 1), 3, 0,
       '第' || t % 29 + 1 || '分公司' || t / 29 + 1 || '班', 'B-' || t % 29 + 1 || '-' || t / 29 + 1, 'team'
FROM generate_series(0, 569) t;

INSERT INTO org_person (id, name, employee_no, phone)
SELECT p, substr('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏', p % 30 + 1, 1)
          || substr('安邦春德恩芳刚海嘉静凯磊敏宁培清荣松涛文晓彦泽忠', p / 30 % 24 + 1, 1)
          || substr('华明玲强兰军艳波丽勇', p / 720 % 10 + 1, 1),
       'B' || lpad(p::text, 5, '0'), '139' || lpad(p::text, 8, '0')
FROM generate_series(1, 20000) p;

INSERT INTO org_employment (person_id, unit_id, job_title, started_on)
SELECT p, CASE WHEN p <= 40 THEN 1 WHEN p <= 620 THEN 2 + (p - 41) / 20 ELSE 31 + (p - 621) % 570 END,
       CASE WHEN p <= 620 THEN '职员' ELSE '技工' END, DATE '2015-03-01' + p % 2000
FROM generate_series(1, 20000) p;

INSERT INTO org_rolegrant (person_id, role, unit_id, started_on)
SELECT person, role, unit, DATE '2021-01-01'
FROM (
    VALUES (1, 'system_admin', 1), (2, 'security_admin', 1), (3, 'audit_admin', 1), (4, 'dispatcher', 1),
           (5, 'dispatcher', 1), (6, 'supervisor', 1), (7, 'supervisor', 1), (8, 'inspector', 1), (9, 'inspector', 1),
           (10, 'unit_leader', 1), (11, 'handler', 1), (12, 'handler', 1)
    UNION ALL
    SELECT 41 + (c - 1) * 20 + i - 1,
           (ARRAY['unit_leader', 'dispatcher', 'supervisor', 'inspector', 'handler', 'handler'])[i], 1 + c
    FROM generate_series(1, 29) c, generate_series(1, 6) i
    UNION ALL
    SELECT 621 + t + 570 * i, CASE i WHEN 0 THEN 'unit_leader' ELSE 'handler' END, 31 + t
    FROM generate_series(0, 569) t, generate_series(0, 2) i
) held (person, role, unit);

INSERT INTO accounts_user (person_id, username, password, is_active, language)
SELECT id, employee_no, CASE WHEN id % 5 = 0 THEN '!' || md5(id::text) ELSE 'argon2$' || md5(id::text) END, true, ''
FROM org_person;

INSERT INTO mfa_authenticator (user_id, type, data, created_at)
SELECT DISTINCT account.id, 'totp', '{"secret": ""}'::jsonb, TIMESTAMPTZ '2021-01-01'
FROM accounts_user account JOIN org_rolegrant held USING (person_id)
WHERE held.role IN ('system_admin', 'security_admin', 'audit_admin', 'inspector');

INSERT INTO ledger_event (id, subject_type, subject_id, action, from_state, to_state, version, actor_id, role, internal, at,
    data)
SELECT gen_random_uuid(), 'org.person', p, CASE n WHEN 0 THEN 'add' WHEN 1 THEN 'correct' ELSE 'move' END, '', '', 0, 1, 'system_admin',
       true, current_setting('bench.since')::timestamptz
             + (current_setting('bench.now')::timestamptz - current_setting('bench.since')::timestamptz)
               * ((p * 7919 % 20011) / 20011.0 + n) / 3.1,
       jsonb_build_object('unit', 31 + p % 570)
FROM generate_series(1, 20000) p, generate_series(0, 2) n;
