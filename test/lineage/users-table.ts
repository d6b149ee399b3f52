import { expect } from "vitest";
import type { Session } from "./databases.ts";

/** What the catalogue says of the table users, sorted: columns, constraints, indexes and sequences. */
export async function describeUsers(session: Session, table = "users"): Promise<readonly string[]> {
  const rows = await session.query<{ line: string }>(
    `SELECT format('column %s %s%s default %s%s', attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' not null' END, coalesce(pg_get_expr(adbin, adrelid), 'none'),
        CASE WHEN attidentity <> '' OR attgenerated <> '' OR attcollation <> typcollation THEN ' and more' END) AS line
      FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE conrelid = to_regclass($1::text) AND contype <> 'n'
    UNION ALL
    SELECT format('not-null name %s', conname) FROM pg_constraint
      WHERE conrelid = to_regclass($1::text) AND contype = 'n'
        AND conname <> format('%s_%s_not_null', trim('"' FROM $1::text), (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]))
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' invalid' END FROM pg_index
      WHERE indrelid = to_regclass($1::text)
    UNION ALL
    SELECT format('sequence %s as %s start %s by %s from %s to %s cache %s cycle %s', objid::regclass, format_type(seqtypid, NULL),
        seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) || format(' owned by %s', attname)
      FROM pg_depend JOIN pg_sequence ON seqrelid = objid JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE classid = 'pg_class'::regclass AND refobjid = to_regclass($1::text) AND deptype IN ('a', 'i')`,
    [table],
  );
  return rows.map(({ line }) => line).toSorted();
}

/** The one table that comes out of every start; column order is not compared. */
export const usersTable: readonly string[] = [
  "CREATE UNIQUE INDEX users_email_normalized_key ON public.users USING btree (email_normalized)",
  "CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)",
  "column created_at timestamp with time zone not null default now()",
  "column email character varying(256) not null default none",
  "column email_normalized character varying(1024) not null default none",
  "column full_name character varying(256) not null default ''::character varying",
  "column hashed_password character varying(256) not null default none",
  "column id integer not null default nextval('users_id_seq'::regclass)",
  "constraint users_email_normalized_key UNIQUE (email_normalized)",
  "constraint users_pkey PRIMARY KEY (id)",
  "sequence users_id_seq as integer start 1 by 1 from 1 to 2147483647 cache 1 cycle f owned by id",
];

/** The table "user" as 0001_init makes it, and as a downgrade to the merge gives it back. */
export const userTable: readonly string[] = [
  'CREATE UNIQUE INDEX ix_user_email ON public."user" USING btree (email)',
  'CREATE UNIQUE INDEX user_email_key ON public."user" USING btree (email)',
  'CREATE UNIQUE INDEX user_pkey ON public."user" USING btree (id)',
  "column created_at timestamp with time zone not null default CURRENT_TIMESTAMP",
  "column email character varying(256) not null default none",
  "column full_name character varying(256) not null default none",
  "column id integer not null default nextval('user_id_seq'::regclass)",
  "column password_hash character varying(256) not null default none",
  "constraint user_email_key UNIQUE (email)",
  "constraint user_pkey PRIMARY KEY (id)",
  "sequence user_id_seq as integer start 1 by 1 from 1 to 2147483647 cache 1 cycle f owned by id",
];

/** What is named after users in the schema: nothing of the other table's may be left over. */
export async function relationsNamedAfterUsers(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
     AND relname ~ 'user' AND relname !~ 'participant|sessions|idempotency_keys' ORDER BY relname COLLATE "C"`,
  );
  return rows.map(({ relname }) => relname);
}

export interface UserRow {
  readonly id: number;
  readonly email: string;
  readonly hash: string;
  /** Missing where the table has no such column yet. */
  readonly full_name?: string;
  readonly created_at?: string;
}

/** Every user, by id, whatever the table's and the hash's name are. */
export async function readUsers(session: Session, table: "users" | '"user"'): Promise<readonly UserRow[]> {
  const rows = await session.query<{ row: UserRow }>(
    `SELECT to_jsonb(${table}.*) - ARRAY['password_hash', 'hashed_password', 'email_normalized'] || jsonb_build_object(
        'hash', coalesce(to_jsonb(${table}.*) ->> 'hashed_password', to_jsonb(${table}.*) ->> 'password_hash')
      ) AS row
     FROM ${table} ORDER BY id`,
  );
  return rows.map(({ row }) => row);
}

/** Expects the table users as every start must give it, and every row of `before` in it as it was. */
export async function expectUsersTable(session: Session, before: readonly UserRow[]): Promise<void> {
  expect(await describeUsers(session)).toEqual(usersTable);
  expect(await relationsNamedAfterUsers(session)).toEqual([
    "users",
    "users_email_normalized_key",
    "users_id_seq",
    "users_pkey",
  ]);
  expect(await readUsers(session, "users")).toEqual(before.map((row) => expect.objectContaining(row)));
  await expectNextIdFree(session, "users", before);
}

/** Registers somebody as the application does, sees that the id is a new one, and takes it back. */
async function expectNextIdFree(session: Session, table: string, before: readonly UserRow[]): Promise<void> {
  const email = "next@example.org";
  const [row] = await session.query<{ id: number }>(
    `INSERT INTO ${table} (email, email_normalized, hashed_password) VALUES ($1, $1, '') RETURNING id`,
    [email],
  );
  expect(row?.id).toBeGreaterThan(Math.max(0, ...before.map(({ id }) => id)));
  await session.query(`DELETE FROM ${table} WHERE id = $1`, [row?.id]);
}

export async function tableExists(session: Session, name: string): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>("SELECT to_regclass($1) IS NOT NULL AS found", [
    name,
  ]);
  return row?.found === true;
}
