import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createTestDatabase,
  describeOnPostgres,
  type TestDatabase,
} from "../../../../test/support/test-database.ts";
import { Client } from "pg";
import { blockedBy } from "../../src/prove/measure/effect.ts";
import { explainedStatements, type ExplainedStatement } from "../../src/prove/explain/explain.ts";
import { rehearse } from "../../src/prove/measure/rehearse.ts";
import { compareLockModes, type LockMode } from "../../src/revisions/index.ts";
import { openScratch, type Scratch } from "../../src/scratch/index.ts";
import { stepsOf } from "./steps.ts";

const base = `
create table org (id int primary key, name text not null);
create table users (id bigint generated always as identity primary key, org int not null references org, email varchar(100) not null,
  name text, label text, age int not null, code text not null default 'c', price numeric(10,2) not null, at timestamptz not null default now());
create index users_org on users (org);
create index users_code on users (code);
create table audit (id int primary key, note text);
create view names as select id, name from users;
create materialized view totals as select org, count(*) as n from users group by org;
create unique index totals_org on totals (org);
create sequence ticket;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create table event (id int not null, at date not null) partition by range (at);
create table event_2024 partition of event for values from ('2024-01-01') to ('2025-01-01');
create table event_loose (id int not null, at date not null);
create table old_stuff (id int primary key, what text);
create table numbered (id serial, a int);
alter table audit add constraint note_given check (note <> '') not valid;`;

interface Expected {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrites?: readonly string[];
  readonly scans?: readonly string[];
  readonly dataLoss?: boolean;
  readonly fails?: string;
}

/** Statement, and what it does; locks as in `pg_locks` without "Lock". */
const cases: Readonly<Record<string, Expected>> = {
  "alter table users add column nick text": { locks: { users: "AccessExclusive" } },
  "alter table users add column n int not null default 3": { locks: { users: "AccessExclusive" } },
  "alter table users add column n timestamptz not null default now()": {
    locks: { users: "AccessExclusive" },
  },
  "alter table users add column n timestamptz not null default clock_timestamp()": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
  },
  "alter table users add column n serial": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
  },
  "alter table users add column n int generated always as (age * 2) stored": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
  },
  "alter table users add column n int not null": { locks: { users: "AccessExclusive" }, fails: "23502" },
  "alter table users add column o int references org": {
    locks: { users: "AccessExclusive", org: "ShareRowExclusive" },
  },
  "alter table users alter column email type varchar(200)": { locks: { users: "AccessExclusive" } },
  "alter table users alter column email type text": { locks: { users: "AccessExclusive" } },
  "alter table users alter column email type varchar(50)": {
    locks: { users: "AccessExclusive" },
    fails: "22001",
    rewrites: ["users"],
  },
  "alter table users alter column email type varchar(50) using left(email, 50)": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
    dataLoss: true,
  },
  "alter table users alter column age type bigint": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
  },
  "alter table users alter column price type int": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
    dataLoss: true,
  },
  "alter table users alter column label type int using label::int": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    fails: "22P02",
  },
  "alter table users alter column code type varchar(9)": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    fails: "22001",
  },
  "alter table users alter column age drop not null": { locks: { users: "AccessExclusive" } },
  "alter table users alter column name set not null": { locks: { users: "AccessExclusive" }, fails: "23502" },
  "alter table org alter column name set not null": { locks: { org: "AccessExclusive" } },
  "alter table users alter column name set default 'x'": { locks: { users: "AccessExclusive" } },
  "alter table users alter column age set statistics 500": { locks: { users: "ShareUpdateExclusive" } },
  "alter table users set (fillfactor = 70)": { locks: { users: "ShareUpdateExclusive" } },
  "alter table users drop column age": { locks: { users: "AccessExclusive" }, dataLoss: true },
  "alter table users rename column age to years": { locks: { users: "AccessExclusive" } },
  "alter table audit rename to journal": { locks: { audit: "AccessExclusive" } },
  "alter table users add constraint email_given check (email <> '')": {
    locks: { users: "AccessExclusive" },
    scans: ["users"],
  },
  "alter table users add constraint email_given check (email <> '') not valid": {
    locks: { users: "AccessExclusive" },
  },
  "alter table audit validate constraint note_given": {
    locks: { audit: "ShareUpdateExclusive" },
    scans: ["audit"],
  },
  "alter table audit add constraint fk foreign key (id) references org not valid": {
    locks: { audit: "ShareRowExclusive", org: "ShareRowExclusive" },
  },
  "alter table users add constraint fk foreign key (org) references org": {
    locks: { users: "ShareRowExclusive", org: "ShareRowExclusive" },
    scans: ["org", "users"],
  },
  "alter table users add constraint u unique (email)": {
    locks: { users: "AccessExclusive" },
    fails: "23505",
  },
  "alter table users add constraint u unique (id, email)": {
    locks: { users: "AccessExclusive" },
    scans: ["users"],
  },
  "alter table users drop constraint users_pkey": { locks: { users: "AccessExclusive" } },
  "create index on users (email)": { locks: { users: "Share" }, scans: ["users"] },
  "create unique index on users (email)": { locks: { users: "Share" }, fails: "23505" },
  "drop index users_org": { locks: { users: "AccessExclusive" } },
  "reindex index users_org": {
    locks: { users_org: "AccessExclusive", users: "Share" },
    rewrites: ["users_org"],
    scans: ["users"],
  },
  "reindex table users": {
    locks: {
      users_code: "AccessExclusive",
      users_org: "AccessExclusive",
      users_pkey: "AccessExclusive",
      users: "Share",
    },
    rewrites: ["users_code", "users_org", "users_pkey"],
    scans: ["users"],
  },
  "create trigger t before update on users for each row execute function touch()": {
    locks: { users: "ShareRowExclusive" },
  },
  "alter table users disable trigger all": { locks: { users: "ShareRowExclusive" } },
  "alter table users enable row level security": { locks: { users: "AccessExclusive" } },
  "create policy p on users using (true)": { locks: { users: "AccessExclusive" } },
  "comment on table users is 'people'": { locks: { users: "ShareUpdateExclusive" } },
  "grant select on users to public": { locks: {} },
  "create view more as select * from users": { locks: {} },
  "create or replace view names as select id, name, email from users": {
    locks: { names: "AccessExclusive" },
  },
  "drop view names": { locks: { names: "AccessExclusive" } },
  "refresh materialized view totals": {
    locks: { totals: "AccessExclusive" },
    rewrites: ["totals"],
    scans: ["users"],
  },
  "refresh materialized view concurrently totals": {
    locks: { totals: "Exclusive" },
    scans: ["totals", "users"],
  },
  "create table fresh (id int primary key, u bigint references users)": {
    locks: { users: "ShareRowExclusive" },
  },
  "create table fresh as select * from users": { locks: {}, scans: ["users"] },
  "create table event_2025 partition of event for values from ('2025-01-01') to ('2026-01-01')": {
    locks: { event: "AccessExclusive" },
  },
  "alter table event attach partition event_loose for values from ('2030-01-01') to ('2031-01-01')": {
    locks: { event_loose: "AccessExclusive", event: "ShareUpdateExclusive" },
    fails: "23514",
  },
  "alter table event detach partition event_2024": {
    locks: { event: "AccessExclusive", event_2024: "AccessExclusive" },
  },
  "update users set name = 'x'": { locks: { users: "RowExclusive" }, scans: ["users"] },
  "update users set name = 'x' where code >= ''": { locks: { users: "RowExclusive" }, scans: ["users"] },
  "select count(*) from users": { locks: {}, scans: ["users"] },
  "update users set name = 'x' where id = 3": { locks: { users: "RowExclusive" } },
  "update users set name = 'x' where name is null": { locks: { users: "RowExclusive" }, scans: ["users"] },
  "insert into org values (1, 'a')": { locks: { org: "RowExclusive" } },
  "insert into audit select id, name from org": {
    locks: { audit: "RowExclusive" },
    scans: ["org"],
    fails: "23505",
  },
  "delete from old_stuff where id = 3": { locks: { old_stuff: "RowExclusive" }, dataLoss: true },
  "truncate old_stuff": { locks: { old_stuff: "AccessExclusive" }, rewrites: ["old_stuff"], dataLoss: true },
  "merge into old_stuff o using (select 1 as id) s on o.id = s.id when matched then delete": {
    locks: { old_stuff: "RowExclusive" },
    dataLoss: true,
  },
  "drop table numbered": { locks: { numbered: "AccessExclusive" }, dataLoss: true },
  "drop table old_stuff": { locks: { old_stuff: "AccessExclusive" }, dataLoss: true },
  "lock table users in share mode": { locks: { users: "Share" } },
  "alter table old_stuff set unlogged": {
    locks: { old_stuff: "AccessExclusive" },
    rewrites: ["old_stuff"],
    scans: ["old_stuff"],
  },
  "cluster users using users_pkey": {
    locks: { users: "AccessExclusive" },
    rewrites: ["users"],
    scans: ["users"],
  },
  "alter index users_org rename to users_of": { locks: { users_org: "ShareUpdateExclusive" } },
  "alter sequence ticket increment 5": { locks: { ticket: "ShareRowExclusive" } },
  "select nextval('ticket')": { locks: {} },
  "analyze users": { locks: { users: "ShareUpdateExclusive" } },
  "do $$ begin alter table users add column z int; delete from old_stuff; end $$": {
    locks: { users: "AccessExclusive", old_stuff: "RowExclusive" },
    scans: ["old_stuff"],
    dataLoss: true,
  },
};

let scratch: Scratch;
beforeAll(async () => void (scratch = await openScratch()));
afterAll(async () => await scratch.close());

async function explain(sql: string): Promise<ExplainedStatement> {
  const rehearsal = await scratch.database.withSession(async (session) => {
    await session.run(`drop schema if exists public cascade; create schema public; ${base}`);
    return await rehearse(session, {
      applied: [],
      pending: await stepsOf({ r: sql }),
      measuresStatements: true,
    });
  });
  return explainedStatements(rehearsal)[0]!;
}

const explained = new Map<string, ExplainedStatement>();

describe("a statement in a scratch database", () => {
  test.each(Object.entries(cases))(
    "%s",
    async (sql, { locks, rewrites = [], scans = [], dataLoss = false, fails }) => {
      const statement = await explain(sql);
      explained.set(sql, statement);
      expect({
        locks: Object.fromEntries(
          statement.locks.map(({ relation, mode }) => [relation, mode.replace("Lock", "")]),
        ),
        rewrites: statement.rewrites,
        scans: fails === undefined ? statement.scans : [],
        dataLoss: statement.dataLoss,
        fails: statement.fails?.code,
      }).toEqual({ locks, rewrites, scans: fails === undefined ? scans : [], dataLoss, fails });
    },
  );
});

describeOnPostgres("takes the locks that it takes on a server", (server) => {
  let database: TestDatabase;
  let [worker, watcher]: Client[] = [];
  beforeAll(async () => {
    database = await createTestDatabase(server);
    worker = new Client({ connectionString: database.url });
    watcher = new Client({ connectionString: database.url });
    await Promise.all([worker.connect(), watcher.connect()]);
    await worker.query(base);
  });
  afterAll(async () => {
    await Promise.all([worker?.end(), watcher?.end()]);
    await database.close();
  });

  /** What another session sees of the locks on relations that it can see, which are those that were there before. */
  async function seen(sql: string): Promise<Record<string, string>> {
    const {
      rows: [{ pid }],
    } = await worker!.query("select pg_backend_pid() as pid");
    await worker!.query("begin");
    try {
      await worker!.query(sql);
      const { rows } = await watcher!.query(
        `select c.relname as name, l.mode, t.relname as table from pg_locks l join pg_class c on c.oid = l.relation left join pg_index x on x.indexrelid = c.oid left join pg_class t on t.oid = x.indrelid
         where l.pid = $1 and l.locktype = 'relation' and c.oid >= 16384 and c.relnamespace = 'public'::regnamespace`,
        [pid],
      );
      const strongest: Record<string, LockMode> = {};
      for (const { name, mode } of rows)
        if (strongest[name] === undefined || compareLockModes(mode, strongest[name]) > 0)
          strongest[name] = mode;
      const isTold = (name: string, mode: LockMode): boolean => {
        const table = rows.find((row) => row.name === name)?.table;
        // It goes along with its table.
        if (name === "numbered_id_seq") return false;
        if (mode === "AccessShareLock" || (mode === "RowExclusiveLock" && name === "ticket")) return false;
        return (
          table === null ||
          (compareLockModes(mode, "RowExclusiveLock") > 0 &&
            compareLockModes(mode, strongest[table] ?? "AccessShareLock") > 0)
        );
      };
      return Object.fromEntries(Object.entries(strongest).filter(([name, mode]) => isTold(name, mode)));
    } finally {
      await worker!.query("rollback");
    }
  }

  test.each(Object.entries(cases).filter(([sql]) => !sql.startsWith("cluster")))("%s", async (sql) => {
    const { locks } = explained.get(sql) ?? (await explain(sql));
    for (const { mode, blocks } of locks) expect(blocks).toEqual(blockedBy(mode));
    expect(Object.fromEntries(locks.map(({ relation, mode }) => [relation, mode]))).toEqual(await seen(sql));
  });
});
