-- SPDX-FileCopyrightText: The Freshet developers
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A table with every type that PostgreSQL 15 has values of, and with those at its limits.
create type mood as enum ('sad', 'ok', 'happy "quoted"');
create type pair as (a int, b text);
create domain posint as int check (value > 0);
create table types (
 id int primary key, b bool, i2 int2, i4 int4, i8 int8, o oid, f4 float4, f8 float8, n numeric,
 n2 numeric(12,2), n40 numeric(60,10), m money, t text, vc varchar(20), bc char(5), nm name,
 ch "char", bin bytea, d date, tm time, tm3 time(3), tmz timetz, ts timestamp, ts0 timestamp(0),
 tsz timestamptz, iv interval, u uuid, j json, jb jsonb, ia int[], ta text[], na numeric[],
 tsa timestamptz[], md mood, mda mood[], dom posint, pr pair, ir int4range, nr numrange,
 tr tstzrange, mr int4multirange, ip inet, ci cidr, ma macaddr, bt bit(5), vb varbit, tv tsvector,
 tq tsquery, pt point, px polygon, jp jsonpath, ov oidvector, lsn pg_lsn, rc regclass, xid xid8);
insert into types values
 (1, true, 32767, 2147483647, 9223372036854775807, 4294967295, 3.4028235e38, 1.7976931348623157e308,
  12345678901234567890123456789012345678.5, 9999999999.99, 1.5, '$1,234.56', 'héllo', 'varchar',
  'ab', 'name', 'c', '\x00ff10', '2024-02-29', '12:34:56.789012', '12:34:56.789',
  '12:34:56.5+05:30', '2024-02-29 12:34:56.789012', '2024-02-29 12:34:57',
  '2024-02-29 12:34:56.789012+02', '1 year 2 mons -3 days 04:05:06.789',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1,  "a": 2}', '{"b":1.50,"a":null}', '{1,2,NULL}',
  '{"a,b","NULL",NULL,"q\"x"}', '{1.50,NaN}', '{2024-01-01 00:00:00+00}', 'happy "quoted"',
  '{sad,ok}', 5, '(1,"x y")', '[1,10)', '(,1.5]', '[2024-01-01 00:00+00,infinity)',
  '{[1,3),[5,7)}', '192.168.1.1', '10.0.0.0/8', '08:00:2b:01:02:03', '10101', '1', 'a fat cat',
  'fat & cat', '(1.5,-2)', '((0,0),(1,1),(1,0))', '$.a[*]', '1 2 3', '16/B374D848', 'pg_class',
  '18446744073709551615'),
 (2, false, -32768, -2147483648, -9223372036854775808, 0, '-0', '-0', 0.00, -0.01,
  -1234567890123456789012345678901234567890123456789.0000000001, '-$0.01', '', '', '', '', '', '',
  '0044-03-15 BC', '24:00:00', '00:00:00', '00:00:00-15:59:59', 'infinity', '-infinity', 'infinity',
  '-1 years -00:00:00.000001', '00000000-0000-0000-0000-000000000000', 'null', '[]', '{}',
  '{{a,b},{c,d}}', '{}', null, 'sad', '{}', 1, '(,)', 'empty', '(,)', 'empty', '{}', '::1/64',
  '::/0', 'ff:ff:ff:ff:ff:ff', '00000', '', '', 'x', '(0,0)', '((0,0))', '$', '', '0/0', 'types',
  '0');
insert into types (id, f4, f8, n, t, vc, bin, d, tm, ts, ts0, tsz, iv) values
 (3, 'NaN', 'NaN', 'NaN', E'tab\tnl\nx\\N', E'\\N', E'\\x', 'infinity', '00:00:00.000001',
  '4713-01-01 BC', '9999-12-31 23:59:59', '0001-12-31 23:59:59 BC', '00:00:00'),
 (4, 'Infinity', '-Infinity', '-Infinity', 'x', 'x', 'x', '-infinity', '23:59:59.999999',
  '294276-12-31 23:59:59.999999', '0001-01-01', '294276-12-31 23:59:59.999999+00',
  '178000000 years'),
 (5, 0.1, 0.1, 1e-30, 'x', 'x', 'x', '9999-12-31', '23:59:59', '10000-01-01', '2000-01-01',
  '1999-12-31 23:59:59.999999+00', '-1 days +00:00:01');
