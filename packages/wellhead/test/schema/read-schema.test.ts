import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createTestDatabase,
  describeOnPostgres,
  type TestDatabase,
} from "../../../../test/support/test-database.ts";
import { openDatabase, type Database, type Session } from "../../src/database/index.ts";
import {
  compareSchemas,
  differenceText,
  readSchema,
  schemaHash,
  type SchemaDifference,
  type SchemaSnapshot,
} from "../../src/schema/index.ts";
import { targetOf } from "../database/pg-target.ts";
import { richSchema } from "./rich-schema.ts";

let embedded: Database;
let rich: SchemaSnapshot;

beforeAll(async () => {
  embedded = await openDatabase(targetOf("pglite::memory:"));
  rich = await embedded.withSession(async (session) => {
    await session.run(richSchema);
    return await readSchema(session);
  });
});
afterAll(async () => await embedded?.close());

/** What happens to the rich schema by these statements, in words; all of it is undone. */
async function effectOf(statements: string): Promise<string[]> {
  return await undone(async (session) => {
    await session.run(statements);
    return compareSchemas(rich, await readSchema(session)).map(differenceText);
  });
}

async function undone<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return await embedded.withSession(async (session) => {
    await session.run("BEGIN");
    try {
      return await work(session);
    } finally {
      await session.run("ROLLBACK");
    }
  });
}

describe("reading a schema", () => {
  test("gives the same twice, sorted, and leaves the search path as it was", async () => {
    await embedded.withSession(async (session) => {
      expect(schemaHash(await readSchema(session))).toBe(schemaHash(rich));
      expect(await session.query("SHOW search_path")).toEqual([{ search_path: "public" }]);
    });
    expect([...rich.keys()]).toEqual([...rich.keys()].sort());
  });

  test.each(["pg_catalog", "shop, public", '"Odd Name"', "''", "shop, pg_catalog"])(
    "gives the same with the search path %s, which stays",
    async (path) => {
      await undone(async (session) => {
        await session.run(`SET search_path TO ${path}`);
        const [before] = await session.query("SHOW search_path");
        expect(compareSchemas(rich, await readSchema(session))).toEqual([]);
        expect(await session.query("SHOW search_path")).toEqual([before]);
      });
    },
  );

  test("sees what an open transaction has done, and works between savepoints", async () => {
    await undone(async (session) => {
      await session.run("SAVEPOINT here; CREATE TABLE made (n int)");
      const made = await readSchema(session);
      expect(compareSchemas(rich, made).map(differenceText)).toEqual([
        "column public.made.n: absent | integer",
        "table public.made: absent | present",
      ]);
      await session.run("ROLLBACK TO SAVEPOINT here");
      expect(schemaHash(await readSchema(session))).toBe(schemaHash(rich));
    });
  });

  test("knows no order of columns, and no column that is gone", async () => {
    const create = async (session: Session, columns: string): Promise<SchemaSnapshot> => {
      await session.run(`SAVEPOINT s; CREATE TABLE one (${columns}); ALTER TABLE one DROP COLUMN gone`);
      const snapshot = await readSchema(session);
      await session.run("ROLLBACK TO SAVEPOINT s");
      return snapshot;
    };
    await undone(async (session) => {
      const one = await create(session, "a int, gone int, b text DEFAULT 'x', CHECK (a > 0)");
      const other = await create(session, "b text DEFAULT 'x', a int, CHECK (a > 0), gone text");
      expect(compareSchemas(one, other)).toEqual([]);
      expect(schemaHash(one)).toBe(schemaHash(other));
    });
  });

  test("shows no password of a foreign server or a user", () => {
    expect(JSON.stringify([...rich])).not.toContain("hunter2");
  });

  test("leaves out the tables it is told to, with all that hangs on them", async () => {
    const left = await embedded.withSession((session) =>
      readSchema(session, { exclude: ["shop.customer", "event*", "*.Cache"] }),
    );
    const gone = [...rich.keys()].filter((key) => !left.has(key));
    expect(gone).toContain("sequence shop.customer_id_seq");
    expect(gone).toContain("comment on policy own on shop.customer");
    expect(gone).toContain('table public."Cache"');
    expect(gone).toContain("index shop.event_2024_at_idx");
    expect(gone.filter((key) => !/customer|event|Cache/.test(key))).toEqual([]);
    expect(left.has("column shop.purchase.customer_id")).toBe(true);
    expect(left.has("event trigger watch")).toBe(true);
  });

  test("leaves out what an extension and a range type bring with them", () => {
    expect([...rich.keys()].filter((key) => key.includes("floatrange"))).toEqual(["type shop.floatrange"]);
  });
});

/** Statements, and every difference that they make. */
const effects: readonly (readonly [statements: string, ...differences: string[]])[] = [
  [
    "ALTER TABLE shop.customer ALTER note TYPE varchar(9)",
    "column shop.customer.note: text storage external statistics 200 with (n_distinct=-0.5) | character varying(9) statistics 200 with (n_distinct=-0.5)",
  ],
  [
    "ALTER TABLE shop.base ALTER a SET NOT NULL",
    "column shop.base.a: integer | integer not null",
    "column shop.child.a: integer inherited | integer not null inherited",
  ],
  [
    "ALTER TABLE ONLY shop.child ALTER b SET DEFAULT 6",
    "column shop.child.b: integer default 5 inherited | integer default 6 inherited",
  ],
  [
    "ALTER TABLE shop.customer ALTER note SET STORAGE EXTENDED",
    "column shop.customer.note: text storage external statistics 200 with (n_distinct=-0.5) | text statistics 200 with (n_distinct=-0.5)",
  ],
  [
    "ALTER TABLE shop.customer SET (fillfactor = 90)",
    "table shop.customer: row security, row security forced, with (fillfactor=70) | row security, row security forced, with (fillfactor=90)",
  ],
  [
    "ALTER TABLE shop.purchase REPLICA IDENTITY NOTHING",
    "table shop.purchase: replica identity full | replica identity nothing",
  ],
  [
    "ALTER TABLE shop.purchase ALTER CONSTRAINT purchase_customer DEFERRABLE INITIALLY IMMEDIATE",
    "constraint shop.purchase.purchase_customer: FOREIGN KEY (customer_id) REFERENCES shop.customer(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED | FOREIGN KEY (customer_id) REFERENCES shop.customer(id) ON DELETE CASCADE DEFERRABLE",
  ],
  [
    "ALTER TABLE shop.customer VALIDATE CONSTRAINT short_name",
    "constraint shop.customer.short_name: CHECK ((length(name) < 100)) NOT VALID | CHECK ((length(name) < 100))",
  ],
  [
    "ALTER TABLE shop.purchase ADD FOREIGN KEY (customer_id) REFERENCES shop.customer (id)",
    "constraint shop.purchase.purchase_customer_id_fkey: absent | FOREIGN KEY (customer_id) REFERENCES shop.customer(id)",
  ],
  [
    "ALTER TABLE shop.purchase ADD CONSTRAINT marked NOT NULL during NOT VALID",
    "column shop.purchase.during: tstzrange | tstzrange not null",
    "constraint shop.purchase.marked: absent | NOT NULL during NOT VALID",
  ],
  [
    "ALTER TABLE shop.customer SET WITHOUT CLUSTER",
    "index shop.customer_name_idx: CREATE UNIQUE INDEX customer_name_idx ON shop.customer USING btree (name, born) clustered | CREATE UNIQUE INDEX customer_name_idx ON shop.customer USING btree (name, born)",
  ],
  [
    "ALTER TABLE shop.event DETACH PARTITION shop.event_rest",
    "column shop.event_rest.at: date not null inherited | date not null",
    "column shop.event_rest.id: integer not null inherited | integer not null",
    "constraint shop.event_rest.event_rest_pkey: PRIMARY KEY (id, at) inherited of the parent | PRIMARY KEY (id, at)",
    "index shop.event_rest_at_idx: CREATE INDEX event_rest_at_idx ON shop.event_rest USING btree (at) attached to shop.event_at_idx | CREATE INDEX event_rest_at_idx ON shop.event_rest USING btree (at)",
    "table shop.event_rest: partition of shop.event, DEFAULT | present",
  ],
  [
    "ALTER TYPE shop.mood ADD VALUE 'meh' BEFORE 'ok'",
    "type shop.mood: enum ('sad', 'ok', 'glad') | enum ('sad', 'meh', 'ok', 'glad')",
  ],
  [
    "ALTER TYPE shop.mood RENAME VALUE 'sad' TO 'low'",
    "type shop.mood: enum ('sad', 'ok', 'glad') | enum ('low', 'ok', 'glad')",
  ],
  [
    "DROP TABLE shop.typed; CREATE TYPE shop.address2 AS (city varchar(40), street text)",
    ...["city", "street", "zip"].map(
      (name) =>
        `column shop.typed.${name}: ${{ city: "character varying(40)", street: "text", zip: 'text collate "C"' }[name]} | absent`,
    ),
    "table shop.typed: of shop.address | absent",
    "type shop.address2: absent | composite (city character varying(40), street text)",
  ],
  [
    "ALTER DOMAIN shop.percent DROP CONSTRAINT percent_range",
    "constraint shop.percent.percent_range: CHECK (((VALUE >= (0)::numeric) AND (VALUE <= (100)::numeric))) | absent",
  ],
  [
    "ALTER DOMAIN shop.percent DROP NOT NULL",
    "type shop.percent: domain numeric(5,2) not null default 0 | domain numeric(5,2) default 0",
  ],
  [
    "ALTER SEQUENCE shop.ticket_number OWNED BY shop.base.a",
    "sequence shop.ticket_number: bigint start 1000 increment 5 from 1 to 9223372036854775807 cache 10 cycle | bigint start 1000 increment 5 from 1 to 9223372036854775807 cache 10 cycle owned by shop.base.a",
  ],
  [
    "REFRESH MATERIALIZED VIEW shop.empty_totals",
    "materialized view shop.empty_totals: with no data SELECT customer_id, item FROM shop.purchase p; | SELECT customer_id, item FROM shop.purchase p;",
  ],
  [
    "ALTER TABLE shop.customer ENABLE ALWAYS TRIGGER touch",
    "trigger shop.customer.touch: …OF name ON shop.customer FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION shop.touch() disabled | …e ON shop.customer FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION shop.touch() enabled always",
  ],
  [
    "ALTER TABLE shop.base DISABLE RULE no_delete",
    "rule shop.base.no_delete: CREATE RULE no_delete AS ON DELETE TO shop.base DO INSTEAD NOTHING; | CREATE RULE no_delete AS ON DELETE TO shop.base DO INSTEAD NOTHING; disabled",
  ],
  [
    "ALTER POLICY own ON shop.customer TO public",
    "policy shop.customer.own: restrictive for update to shop_owner, shop_reader using (((email)::text = CURRENT_USER)) with check ((id > 0)) | restrictive for update to public using (((email)::text = CURRENT_USER)) with check ((id > 0))",
  ],
  ["GRANT SELECT ON shop.child TO public", "grant on table shop.child to public: absent | select"],
  [
    "GRANT SELECT ON shop.purchase TO shop_reader WITH GRANT OPTION",
    "grant on table shop.purchase to shop_reader: insert, select | insert, select, may grant select",
  ],
  ["GRANT EXECUTE ON FUNCTION shop.twice(integer) TO public"],
  ["REVOKE USAGE ON TYPE shop.mood FROM public", "grant on type shop.mood to public: absent | nothing"],
  ["GRANT CREATE ON SCHEMA public TO public", "grant on schema public to public: absent | all"],
  [
    "ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE SELECT ON TABLES FROM shop_reader",
    "grant on future tables of the owner in shop to shop_reader: select | absent",
  ],
  [
    "ALTER PUBLICATION changes SET TABLE shop.purchase (id, item) WHERE (id > 5)",
    "publication changes: shop.base, shop.child, shop.purchase, insert, update | shop.purchase (id, item) where (id > 5), insert, update",
  ],
  [
    "ALTER PUBLICATION changes ADD TABLES IN SCHEMA public",
    "publication changes: shop.base, shop.child, shop.purchase, insert, update | shop.base, shop.child, shop.purchase, all tables of public, insert, update",
  ],
  [
    "ALTER TEXT SEARCH CONFIGURATION shop.search ALTER MAPPING FOR word WITH simple",
    'text search configuration shop.search: parser pg_catalog."default", asciiword with shop.dict simple, word with shop.dict simple | parser pg_catalog."default", asciiword with shop.dict simple, word with simple',
  ],
  [
    "ALTER SERVER away OPTIONS (SET host 'example.com')",
    "foreign server away: wrapper far, type x, version 1, options (host=example.org, password=…) | wrapper far, type x, version 1, options (host=example.com, password=…)",
  ],
  [
    "ALTER STATISTICS shop.customer_stat SET STATISTICS 50",
    "statistics shop.customer_stat: CREATE STATISTICS shop.customer_stat (dependencies) ON name, born FROM shop.customer | CREATE STATISTICS shop.customer_stat (dependencies) ON name, born FROM shop.customer target 50",
  ],
  [
    "DROP EVENT TRIGGER watch",
    "event trigger watch: on ddl_command_end when tag in (CREATE TABLE) execute shop.on_ddl() disabled | absent",
  ],
  [
    "DROP CAST (shop.mood AS integer)",
    "cast (shop.mood as integer): with function shop.to_number(shop.mood) as assignment | absent",
  ],
  ["COMMENT ON SCHEMA public IS 'ours'", "comment on schema public: absent | ours"],
  [
    "CREATE OR REPLACE FUNCTION shop.normal(value text) RETURNS text LANGUAGE sql STABLE STRICT AS $$ SELECT lower(trim(value)) $$",
    "function shop.normal(text): …ON shop.normal(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $function$ SELECT lower(trim(value)) $function$ | …CTION shop.normal(value text) RETURNS text LANGUAGE sql STABLE STRICT AS $function$ SELECT lower(trim(value)) $function$",
  ],
  [
    "ALTER TABLE shop.customer OWNER TO postgres",
    "owner of sequence shop.customer_id_seq: shop_owner | absent",
    "owner of table shop.customer: shop_owner | absent",
  ],
];

test.each(effects)("%s is seen, and nothing else", async (statements, ...differences) => {
  expect(await effectOf(statements)).toEqual(differences);
});

test("definitions that agree in their first 63 characters are told apart", async () => {
  const long = "'a text that is as long as the longest name that Postgres can take, and'";
  const [difference] = await undone(async (session) => {
    await session.run(`CREATE VIEW long AS SELECT ${long} AS a`);
    const before = await readSchema(session);
    await session.run(`CREATE OR REPLACE VIEW long AS SELECT ${long} || 'x' AS a`);
    return compareSchemas(before, await readSchema(session));
  });
  expect(difference?.kind).toBe("changed");
});

describeOnPostgres("a schema on a server", (server) => {
  let database: TestDatabase;
  let opened: Database;
  let there: SchemaSnapshot;

  beforeAll(async () => {
    database = await createTestDatabase(server);
    opened = await openDatabase(targetOf(database.url));
    there = await opened.withSession(async (session) => {
      await session.run(richSchema);
      return await readSchema(session);
    });
  });
  afterAll(async () => {
    await opened?.close();
    await database?.close();
  });

  test("is the one of the embedded Postgres, save the text of queries before 16", () => {
    const differences = compareSchemas(rich, there);
    const kinds = differences.map(({ kind }): SchemaDifference["kind"] => kind);
    if (server.major >= 16) {
      expect(differences.map(differenceText)).toEqual([]);
      expect(schemaHash(there)).toBe(schemaHash(rich));
    } else {
      expect(new Set(kinds)).toEqual(new Set(["incomparable"]));
      expect(
        differences
          .map(differenceText)
          .every((text) => /^(materialized )?view .*not comparable\)$/.test(text)),
      ).toBe(true);
    }
  });

  test("an empty database is as empty as an embedded one", async () => {
    const empty = await createTestDatabase(server);
    const other = await openDatabase(targetOf(empty.url));
    try {
      expect([...(await other.withSession((session) => readSchema(session))).keys()]).toEqual([
        "schema public",
      ]);
    } finally {
      await other.close();
      await empty.close();
    }
  });
});
