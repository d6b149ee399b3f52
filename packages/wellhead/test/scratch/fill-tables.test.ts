import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createTestDatabase, testServers } from "../../../../test/support/test-database.ts";
import { parseDatabaseUrl } from "../../src/database-url/index.ts";
import { openDatabase, type Database, type Session } from "../../src/database/index.ts";
import { fillTables } from "../../src/scratch/index.ts";

interface Place {
  readonly name: string;
  open(): Promise<{ database: Database; close(): Promise<void> }>;
}

const places: readonly Place[] = [
  { name: "PGlite", open: async () => await openUrl("pglite::memory:") },
  ...testServers.map(({ name, ...server }) => ({
    name,
    open: async () => {
      const { url, close } = await createTestDatabase({ name, ...server });
      return await openUrl(url, close);
    },
  })),
];

async function openUrl(url: string, drop: () => Promise<void> = async () => undefined) {
  const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }));
  return {
    database,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

describe.each(places)("filling tables on $name", ({ open }) => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => ({ database, close } = await open()));
  afterAll(async () => await close());

  /** Runs the DDL in a transaction that is rolled back. */
  async function inScratch(ddl: string, work: (session: Session) => Promise<void>): Promise<void> {
    await database.withSession(async (session) => {
      await session.run("BEGIN");
      try {
        await session.run(ddl);
        await work(session);
      } finally {
        await session.run("ROLLBACK");
      }
    });
  }

  test("every built-in type gets a value, arrays and ranges of it too", async () => {
    const types = await builtInTypes(database);
    const columns = types.map((type, index) => `a${index} ${type} not null, b${index} ${type}`);
    const ddl = [0, 1, 2, 3]
      .map((part) => `create table t${part} (${columns.filter((_, i) => i % 4 === part).join(", ")})`)
      .join(";");
    await inScratch(ddl, async (session) => {
      const { filled, unfilled } = await fillTables(session);
      expect(unfilled).toEqual([]);
      expect(filled).toEqual(["t0", "t1", "t2", "t3"]);
    });
  });

  const fillable: Record<string, string> = {
    "lengths and precisions": `create table t (a char(3) not null, b varchar(2) not null unique, c numeric(5,2) not null unique,
      d numeric(2,2) not null, e bit(3) not null, f varbit(5) not null, g timestamp(0) not null, h varchar(10)[] not null, i numeric(4,-2) not null)`,
    "enums, also unique ones with fewer labels than rows": `create type mood as enum ('sad', 'ok');
      create table t (a mood not null, b mood not null unique)`,
    "domains on domains, with checks": `create domain positive as int check (value > 0);
      create domain small as positive check (value < 10) not null;
      create domain email as text check (value ~ '^[^@]+@[^@]+\\.[a-z]{2,}$');
      create domain code as varchar(5) check (length(value) = 5);
      create table t (a small, b email not null unique, c code, d positive[] not null, e email default 'x@y.zz')`,
    "composite types": `create type point3 as (x int, y numeric(4,1), label varchar(3));
      create type line3 as (a point3, b point3);
      create table t (a point3 not null, b line3, c point3[])`,
    "ranges of one's own": `create type hours as range (subtype = time); create table t (a hours not null, b int4multirange not null)`,
    comparisons: `create table t (a int not null check (a > 1000), b int check (b between 5 and 7), c int not null check (c in (3, 9)), d int not null check (d % 7 = 3 or d = -12))`,
    "comparisons of columns": `create table t (starts date not null, ends date not null, low int not null, high int not null,
      check (starts < ends), check (low < high and high <= 100), check (ends > date '2030-01-01'))`,
    "texts in a list, and unique": `create table t (a text not null check (a in ('new', 'paid')), b text not null unique check (b in ('x', 'y', 'z', 'w')), c text check (c = any (array['q', 'r'])))`,
    "lengths of texts": `create table t (a text not null check (char_length(a) >= 12), b text check (length(b) between 3 and 4), c varchar(100) not null check (length(trim(c)) > 0), d text not null unique check (octet_length(d) = 20))`,
    "regular expressions": `create table t (
      a text not null check (a ~ '^[A-Z]{3}$'), b text not null unique check (b ~ '^[a-z][a-z0-9_]{2,30}$'), c text not null check (c ~* '^(red|green)-\\d+$'),
      d text not null check (d ~ '^\\+[1-9][0-9]{7,14}$'), e text not null check (e !~ '\\s'), f text not null check (f like 'AB-%'), g text not null check (g ~ '^#([0-9a-f]{3}|[0-9a-f]{6})$'),
      h text not null check (h similar to '[a-z]+:[0-9]{2}'), i text not null check (i ~ '^[[:alpha:]]+@[[:alnum:].-]+$'), j text not null check (j = lower(j)), k text not null check (k = upper(k)), l char(2) not null check (l ~ '^[A-Z]{2}$'))`,
    "json with a shape": `create table t (a jsonb not null check (jsonb_typeof(a) = 'object'), b jsonb not null check (jsonb_typeof(b) = 'array'), c jsonb not null check (c ? 'kind'), d jsonb not null check (d ->> 'kind' = 'a' or d ? 'other'))`,
    "arrays with a shape": `create table t (a text[] not null check (cardinality(a) > 0), b int[] not null check (array_length(b, 1) = 2), c text[] not null check (c <@ array['x', 'y']))`,
    "checks that bind NULLs": `create table t (a int, b int, check (num_nonnulls(a, b) = 1)); create table u (a int, b int, check ((a is null) = (b is null)));
      create table v (kind text not null check (kind in ('a', 'b')), x int, y int, check (kind <> 'a' or x is not null), check (kind <> 'b' or y is not null))`,
    "foreign keys": `create table a (id serial primary key); create table b (id uuid primary key, a_id int not null references a); create table c (a_id int references a, b_id uuid references b, primary key (a_id, b_id));
      create table d (id int primary key references a, b_id uuid not null unique references b)`,
    "foreign keys of several columns that share one": `create table org (id int primary key);
      create table usr (org int not null references org, id int not null, primary key (org, id)); create table proj (org int not null references org, id int not null, primary key (org, id));
      create table m (org int not null references org, usr int not null, proj int not null, primary key (org, usr, proj), foreign key (org, usr) references usr, foreign key (org, proj) references proj);
      create table full_match (a int, b int, foreign key (a, b) references usr match full)`,
    "references to itself": `create table t (id int primary key, parent int not null references t); create table u (id int primary key, parent int references u, check (parent <> id))`,
    "circles, also without NULL": `create table a (id int primary key, b int not null); create table b (id int primary key, a int not null references a); alter table a add foreign key (b) references b;
      create table c (id int primary key, d int); create table d (id int primary key, c int not null references c deferrable initially deferred); alter table c add foreign key (d) references d deferrable`,
    "a check on a foreign key": `create table p (id int primary key); create table t (a int not null references p, b int not null references p, check (a <> b), unique (a, b))`,
    "keys of the same columns in several ways": `create table t (a text not null, b text not null, c int not null, unique (a, b), unique (b, c), exclude using gist (int4range(c, c + 1) with &&)); create unique index on t (lower(a)); create unique index on t (c) where c > 0`,
    "an exclusion of ranges": `create table t (id int generated always as identity primary key, during tstzrange not null, exclude using gist (during with &&))`,
    "generated columns and identities": `create table t (id int generated always as identity primary key, n smallint generated by default as identity, a int not null, b int generated always as (a * 2) stored)`,
    partitions: `create table r (id int not null, at date not null, primary key (id, at)) partition by range (at); create table r1 partition of r for values from ('2020-01-01') to ('2020-02-01'); create table r2 partition of r for values from ('2031-01-01') to (maxvalue); create table r0 partition of r default;
      create table l (kind text not null) partition by list (kind); create table l1 partition of l for values in ('a', 'b') partition by range (kind); create table l11 partition of l1 for values from ('a') to ('aa'); create table l2 partition of l for values in (null, 'c');
      create table h (id uuid primary key, n int) partition by hash (id); create table h0 partition of h for values with (modulus 3, remainder 0); create table h1 partition of h for values with (modulus 3, remainder 1); create table h2 partition of h for values with (modulus 3, remainder 2);
      create table child (id int primary key, rid int not null, rat date not null, foreign key (rid, rat) references r)`,
    inheritance: `create table p (id int primary key, a text not null); create table c (b int not null) inherits (p); create table x (p int not null references p)`,
    "names that need quotes": `create schema "My Schema"; create table "My Schema"."Order" ("Id" int primary key, "from" text not null check ("from" in ('a', 'b')), "a""b" int not null check ("a""b" > 7), "value" int check ("value" > 3))`,
    "tables without columns, and with generated ones alone": `create table t (); create table u (a int generated always as (1) stored)`,
    "row level security": `create table t (a int not null, owner text not null); alter table t enable row level security; alter table t force row level security; create policy p on t using (owner = 'me')`,
    "years, prices, percents": `create table t (y int not null check (y >= 1900 and y <= 2100), price numeric(10,2) not null check (price >= 0.01), share numeric(5,4) not null check (share > 0 and share < 1), at timestamptz not null check (at < now()), until timestamptz not null check (until > now()), constraint w check (until > at + interval '1 day'))`,
    "lengths beside regular expressions": `create table t (iban text not null check (length(iban) between 15 and 34 and iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]+$'), code text not null check (code = upper(code) and length(code) = 3), token text not null unique check (token ~ '^[A-Za-z0-9_-]{43}$'))`,
    "amounts of all kinds": `create table t (v money not null check (v > '0'::money), r real not null check (r > 0.1 and r < 0.9), i interval not null check (i > '2 days'), a int not null, b int not null, check (a + b = 100))`,
    "conditions that fail with an error on other values": `create table t (low int not null, high int not null, step int not null, check (low < high and (high - low) % step = 0 and step > 0));
      create table u (a jsonb not null check (jsonb_array_length(a) > 0)); create table v (tz text not null check (now() at time zone tz is not null))`,
    "networks and periods": `create table t (a inet not null check (family(a) = 6), b interval not null check (b >= interval '1 hour'), c time not null check (c >= '08:00'), d uuid not null default gen_random_uuid())`,
  };
  test.each(Object.entries(fillable))("%s", async (_, ddl) => {
    await inScratch(ddl, async (session) => {
      const { unfilled } = await fillTables(session);
      expect(unfilled).toEqual([]);
    });
  });

  test("rows repeat where they may, differ where they must, and one is NULL where it can be", async () => {
    const ddl = `create table p (id serial primary key); create table t (id int primary key, email text not null unique, name text not null, age int, p int not null references p, q int references p)`;
    await inScratch(ddl, async (session) => {
      await fillTables(session);
      const [row] =
        await session.query(`select count(*)::int as n, count(distinct email)::int as emails, count(distinct name)::int as names,
        count(*) - count(age) > 0 as has_null, count(age) > 1 as has_ages, count(distinct age) < count(age) as repeats, count(distinct p)::int as parents, count(q) > 0 and count(q) < 4 as some, min(id) > 1000000 as far,
        bool_and(name !~ '^[0-9]+$') as words from t`);
      expect(row).toEqual({
        n: 4,
        emails: 4,
        names: 2,
        has_null: true,
        has_ages: true,
        repeats: true,
        parents: 1,
        some: true,
        far: true,
        words: true,
      });
    });
  });

  test("no sequence moves, no trigger and no rule runs, and they are as before", async () => {
    const ddl = `create table t (id serial primary key, n bigint generated always as identity, a text not null); create table log (a text);
      create function told() returns trigger language plpgsql as $$ begin raise exception 'a trigger ran'; end $$;
      create trigger o before insert on t for each row execute function told(); create trigger a after insert on t execute function told();
      alter table t enable always trigger a; create trigger d before insert on t execute function told(); alter table t disable trigger d; create trigger r before insert on t execute function told(); alter table t enable replica trigger r;
      create rule x as on insert to t do instead nothing`;
    const state = `select array(select tgname || tgenabled::text from pg_trigger where tgrelid = 't'::regclass union all select rulename || ev_enabled::text from pg_rewrite where ev_class = 't'::regclass order by 1) as state`;
    await inScratch(ddl, async (session) => {
      const before = await session.query(state);
      const { unfilled } = await fillTables(session, { tables: ["t"] });
      expect(unfilled).toEqual([]);
      expect(await session.query(state)).toEqual(before);
      const [row] = await session.query(
        `select (select count(*)::int from t) as rows, (select count(*)::int from log) as others, nextval('t_id_seq')::int as next, nextval('t_n_seq')::int as identity`,
      );
      expect(row).toEqual({ rows: 4, others: 0, next: 1, identity: 1 });
    });
  });

  test("tables with rows stay as they are, and children take their keys from them", async () => {
    const ddl = `create table p (id int primary key); insert into p values (7); create table c (id int primary key, p int not null references p)`;
    await inScratch(ddl, async (session) => {
      expect(await fillTables(session)).toEqual({ filled: ["c"], unfilled: [] });
      expect(await session.query("select distinct p from c")).toEqual([{ p: 7 }]);
      expect(await session.query("select count(*)::int as n from p")).toEqual([{ n: 1 }]);
    });
  });

  test("a table that cannot be filled stays empty and is named with the reason, and so are those that need it", async () => {
    const ddl = `create function never(int) returns boolean language sql immutable as 'select false';
      create table odd (id int primary key constraint odd_check check (never(id))); create table needs (id int primary key, odd int not null references odd); create table fine (id int)`;
    await inScratch(ddl, async (session) => {
      const { filled, unfilled } = await fillTables(session);
      expect(filled).toEqual(["fine"]);
      expect(unfilled).toEqual([
        { table: "odd", reason: "no value that was tried satisfies CHECK never(id)" },
        { table: "needs", reason: expect.stringContaining('null value in column "odd"') },
      ]);
      expect(
        await session.query(
          "select (select count(*)::int from odd) + (select count(*)::int from needs) as n",
        ),
      ).toEqual([{ n: 0 }]);
    });
  });

  test("without a transaction it makes one, and `tables` and `rows` restrict it", async () => {
    await database.withSession(async (session) => {
      await session.run("create schema s; create table s.a (id int, b int); create table s.c (id int)");
      expect(await fillTables(session, { tables: ["s.a"], rows: 2 })).toEqual({
        filled: ["s.a"],
        unfilled: [],
      });
      expect(await session.query("select count(*)::int as n, count(b)::int as b from s.a")).toEqual([
        { n: 2, b: 1 },
      ]);
      await session.run("drop schema s cascade");
    });
  });
});

async function builtInTypes(database: Database): Promise<readonly string[]> {
  const rows = await database.withSession(
    async (session) =>
      await session.query<{ name: string }>(`
SELECT format_type(oid, NULL) AS name FROM pg_type
WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typname !~ '^_?(pg_(node|ndis|dep|mcv|brin|ddl|attr|stat|class|type|proc|database|auth|tab|shd|repl|sub)|acl|gtsvector)'
  AND typelem = 0 ORDER BY 1`),
  );
  return rows.flatMap(({ name }) => [name, `${name}[]`]);
}
