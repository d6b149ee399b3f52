// revision: usr_20261123_users_table
// revises: mrg_20250812_single_head
// message: take over user
// created: 2026-11-23T04:00:00Z

// Gives the backend its table users: by renaming "user", so that foreign keys follow, or from nothing. A database can
// come here from any state of the lineage, so each part below looks at what there is, and the same table comes out.
// It is TypeScript for one reason: SQL has no IDNA, and an address must be normalised as registration does it.

import { domainToASCII } from "node:url";
import type { RevisionDatabase } from "wellhead";

export async function upgrade(db: RevisionDatabase): Promise<void> {
  await db.run(oneTable({ from: `"user"`, to: "users", hash: "hashed_password" }));
  await db.run(oneColumn({ table: "users", from: "password_hash", to: "hashed_password" }));
  await db.run(sameColumns);
  // Before the rows are written: kept up to date, the old indexes cost three times what the rest does.
  await db.run(withoutEmailIndexes("users"));
  await normalizeEmails(db);
  await db.run(refuseDuplicates);
  await db.run(`ALTER TABLE users
    ALTER COLUMN email_normalized SET NOT NULL,
    ADD CONSTRAINT users_email_normalized_key UNIQUE (email_normalized)`);
  await db.run(namedAfter("users"));
}

/** Back to the table of 0001_init, with everybody in it who has registered since. */
export async function downgrade(db: RevisionDatabase): Promise<void> {
  await db.run(oneTable({ from: "users", to: `"user"`, hash: "password_hash" }));
  await db.run(oneColumn({ table: `"user"`, from: "hashed_password", to: "password_hash" }));
  await db.run(withoutEmailIndexes(`"user"`));
  await db.run(`ALTER TABLE "user"
    DROP COLUMN IF EXISTS email_normalized,
    ALTER COLUMN full_name DROP DEFAULT,
    ALTER COLUMN created_at SET DEFAULT CURRENT_TIMESTAMP,
    ADD CONSTRAINT user_email_key UNIQUE (email)`);
  await db.run(`CREATE UNIQUE INDEX ix_user_email ON "user" (email)`);
  await db.run(namedAfter(`"user"`));
}

/**
 * Leaves one table, under the name `to`. Both exist where the old service was started once more and made itself an
 * empty one: the empty one goes. A table of that name with other columns is somebody else's, and stays untouched.
 */
function oneTable({ from, to, hash }: { from: string; to: string; hash: string }): string {
  return `DO $$
    DECLARE
      candidate regclass;
      is_empty boolean;
    BEGIN
      FOR candidate IN SELECT oid FROM pg_class WHERE oid IN (to_regclass('${from}'), to_regclass('${to}')) LOOP
        IF (SELECT count(*) FROM pg_attribute WHERE attrelid = candidate AND NOT attisdropped
            AND attname IN ('id', 'email', 'password_hash', 'hashed_password')) < 3 THEN
          RAISE EXCEPTION 'The table % is not the one of this service''s users: it lacks id, email or the hash.', candidate
            USING ERRCODE = 'wrong_object_type',
              HINT = 'Give the backend a database or a schema of its own, or rename that table.';
        END IF;
      END LOOP;
      FOREACH candidate IN ARRAY ARRAY[to_regclass('${to}'), to_regclass('${from}')] LOOP
        IF to_regclass('${from}') IS NOT NULL AND to_regclass('${to}') IS NOT NULL THEN
          EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', candidate);
          EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s)', candidate) INTO is_empty;
          IF is_empty THEN
            EXECUTE format('DROP TABLE %s', candidate);
          END IF;
        END IF;
      END LOOP;
      IF to_regclass('${from}') IS NULL AND to_regclass('${to}') IS NULL THEN
        CREATE TABLE ${to} (
          id serial PRIMARY KEY,
          email varchar(256) NOT NULL,
          full_name varchar(256) NOT NULL,
          ${hash} varchar(256) NOT NULL,
          created_at timestamptz NOT NULL
        );
      ELSIF to_regclass('${to}') IS NULL THEN
        ALTER TABLE ${from} RENAME TO ${to};
      ELSIF to_regclass('${from}') IS NOT NULL THEN
        RAISE EXCEPTION 'Both tables hold users: ${from} and ${to}.'
          USING ERRCODE = 'duplicate_table', HINT = 'Move the rows of one into the other, then run again.';
      END IF;
    END
  $$`;
}

/** Leaves one column, under the name `to`. Where both exist a value is moved, never overwritten. */
function oneColumn({ table, from, to }: { table: string; from: string; to: string }): string {
  return `DO $$
    DECLARE
      names name[] := ARRAY(SELECT attname FROM pg_attribute
        WHERE attrelid = '${table}'::regclass AND attname IN ('${from}', '${to}') AND NOT attisdropped);
      ids text;
    BEGIN
      IF names = ARRAY['${from}'::name] THEN
        ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to};
      ELSIF '${from}' = ANY (names) THEN
        UPDATE ${table} SET ${to} = ${from} WHERE coalesce(${to}, '') = '';
        SELECT string_agg(id::text, ', ') INTO ids
          FROM (SELECT id FROM ${table} WHERE ${to} <> ${from} ORDER BY id LIMIT 50) AS differing;
        IF ids IS NOT NULL THEN
          RAISE EXCEPTION 'The columns ${from} and ${to} of ${table} differ for the ids %.', ids
            USING HINT = 'Empty the wrong one in each of these rows, then run again.';
        END IF;
        ALTER TABLE ${table} DROP COLUMN ${from};
      END IF;
    END
  $$`;
}

/** The columns of users: each there, of its type, filled, with its default. */
const sameColumns = `DO $$
  DECLARE
    ids text;
    differing record;
  BEGIN
    ALTER TABLE users
      ADD COLUMN IF NOT EXISTS full_name varchar(256),
      ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
      ADD COLUMN IF NOT EXISTS email_normalized varchar(1024);

    SELECT string_agg(id::text, ', ') INTO ids
      FROM (SELECT id FROM users WHERE coalesce(email, '') !~ '\\S' ORDER BY id LIMIT 50) AS blank;
    IF ids IS NOT NULL THEN
      RAISE EXCEPTION 'Users without an e-mail address: ids %.', ids
        USING ERRCODE = 'not_null_violation', HINT = 'Give each its address, or remove it, then upgrade again.';
    END IF;
    SELECT string_agg(id::text, ', ') INTO ids
      FROM (SELECT id FROM users WHERE greatest(length(email), length(full_name), length(hashed_password)) > 256
        ORDER BY id LIMIT 50) AS long;
    IF ids IS NOT NULL THEN
      RAISE EXCEPTION 'Users with an e-mail address, name or hash of more than 256 characters: ids %.', ids
        USING ERRCODE = 'string_data_right_truncation', HINT = 'Shorten these, then upgrade again.';
    END IF;

    FOR differing IN
      SELECT column_name, wanted, CASE WHEN actual = 'timestamp without time zone' THEN ' AT TIME ZONE ''UTC''' ELSE '' END AS zone
      FROM (VALUES
        ('id', 'integer'), ('email', 'character varying(256)'), ('email_normalized', 'character varying(1024)'),
        ('full_name', 'character varying(256)'), ('hashed_password', 'character varying(256)'),
        ('created_at', 'timestamp with time zone')
      ) AS goal (column_name, wanted)
      JOIN LATERAL (SELECT format_type(atttypid, atttypmod) AS actual FROM pg_attribute
        WHERE attrelid = 'users'::regclass AND attname = column_name) AS present ON actual <> wanted
    LOOP
      EXECUTE format('ALTER TABLE users ALTER COLUMN %1$I DROP DEFAULT, ALTER COLUMN %1$I TYPE %2$s USING (%1$I%3$s)::%2$s',
        differing.column_name, differing.wanted, differing.zone);
    END LOOP;

    -- A user without a hash cannot sign in, and no password matches the empty one either.
    UPDATE users SET
      full_name = coalesce(full_name, ''),
      hashed_password = coalesce(hashed_password, ''),
      created_at = coalesce(created_at, now())
    WHERE full_name IS NULL OR hashed_password IS NULL OR created_at IS NULL;
    ALTER TABLE users
      ALTER COLUMN id SET NOT NULL,
      ALTER COLUMN email SET NOT NULL, ALTER COLUMN email DROP DEFAULT,
      ALTER COLUMN full_name SET NOT NULL, ALTER COLUMN full_name SET DEFAULT '',
      ALTER COLUMN hashed_password SET NOT NULL, ALTER COLUMN hashed_password DROP DEFAULT,
      ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN created_at SET DEFAULT now(),
      ALTER COLUMN email_normalized DROP DEFAULT;
  END
$$`;

/** Addresses for which lower case is all there is to normalise: in ASCII, and the domain can be no IPv4 address. */
const plainEmail = String.raw`'^[!-~]+@([A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*$'`;

async function normalizeEmails(db: RevisionDatabase): Promise<void> {
  // Collation C: lower() of a Turkish one makes another letter of I.
  await db.run(`UPDATE users SET email_normalized = lower(email COLLATE "C") WHERE email COLLATE "C" ~ ${plainEmail}`);
  const others = `SELECT id, email FROM users WHERE email COLLATE "C" !~ ${plainEmail}`;
  for await (const rows of db.batches<{ id: number; email: string }>(others, [], 1000)) {
    await db.query(
      `UPDATE users SET email_normalized = given.email
       FROM unnest($1::integer[], $2::text[]) AS given (id, email) WHERE users.id = given.id`,
      [rows.map(({ id }) => id), rows.map(({ email }) => normalized(email))],
    );
  }
}

/** As registration does it. What is no domain name, which an old row may have, is kept in lower case. */
function normalized(email: string): string {
  const trimmed = email.normalize("NFC").trim();
  const at = trimmed.lastIndexOf("@") + 1;
  const domain = trimmed.slice(at);
  // domainToASCII reads a URL's host: it would decode %41.
  const ascii = at > 0 && /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) ? domainToASCII(domain) : "";
  return trimmed.slice(0, at).toLowerCase() + (ascii === "" || ascii.length > 253 ? domain.toLowerCase() : ascii);
}

const refuseDuplicates = `DO $$
  DECLARE
    number bigint;
    listed text;
  BEGIN
    SELECT count(*), string_agg(holders, '; ' ORDER BY place) FILTER (WHERE place <= 50) INTO number, listed
    FROM (
      SELECT string_agg(format('%s (id %s)', email, id), ', ' ORDER BY id) AS holders,
        row_number() OVER (ORDER BY min(id)) AS place
      FROM users GROUP BY email_normalized HAVING count(*) > 1
    ) AS duplicates;
    IF number > 0 THEN
      RAISE EXCEPTION 'E-mail addresses that several users hold when case is set aside, % in all: %.', number, listed
        USING ERRCODE = 'unique_violation', HINT = 'Leave each address to one user, then upgrade again.';
    END IF;
  END
$$`;

/** Drops every index of an e-mail column, under whatever name it was made, with its constraint if it has one. */
function withoutEmailIndexes(table: string): string {
  return `DO $$
    DECLARE
      old record;
    BEGIN
      FOR old IN
        SELECT indexrelid::regclass AS index, conname
        FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        LEFT JOIN pg_constraint ON conindid = indexrelid AND conrelid = indrelid AND contype = 'u'
        WHERE indrelid = '${table}'::regclass AND indnatts = 1 AND attname IN ('email', 'email_normalized')
      LOOP
        IF old.conname IS NULL THEN
          EXECUTE format('DROP INDEX %s', old.index);
        ELSE
          EXECUTE format('ALTER TABLE ${table} DROP CONSTRAINT %I', old.conname);
        END IF;
      END LOOP;
    END
  $$`;
}

/** Primary key, sequence and, where Postgres names them (18), not-null constraints: as if made with the table. */
function namedAfter(table: string): string {
  const name = table.replaceAll(`"`, "");
  return `DO $$
    DECLARE
      schema text := (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = '${table}'::regclass);
      old record;
      sequence regclass;
      next_id bigint;
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '${table}'::regclass AND contype = 'p') THEN
        ALTER TABLE ${table} ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id);
      END IF;
      FOR old IN
        SELECT conname, goal
        FROM pg_constraint
        LEFT JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        CROSS JOIN LATERAL (SELECT (CASE contype
          WHEN 'p' THEN '${name}_pkey' ELSE format('${name}_%s_not_null', attname) END)::name AS goal) AS naming
        WHERE conrelid = '${table}'::regclass AND contype IN ('p', 'n') AND conname <> goal
      LOOP
        EXECUTE format('ALTER TABLE ${table} RENAME CONSTRAINT %I TO %I', old.conname, old.goal);
      END LOOP;

      SELECT refobjid INTO sequence
        FROM pg_attrdef JOIN pg_depend ON classid = 'pg_attrdef'::regclass AND objid = pg_attrdef.oid
        JOIN pg_class ON pg_class.oid = refobjid AND relkind = 'S'
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE adrelid = '${table}'::regclass AND attname = 'id' AND refclassid = 'pg_class'::regclass;
      ALTER TABLE ${table} ALTER COLUMN id DROP IDENTITY IF EXISTS;
      sequence := coalesce(sequence, pg_get_serial_sequence('${table}', 'id')::regclass);
      IF sequence IS NULL THEN
        EXECUTE format('CREATE SEQUENCE %s.${name}_id_seq', schema);
        sequence := format('%s.${name}_id_seq', schema)::regclass;
      ELSIF (SELECT relname FROM pg_class WHERE oid = sequence) <> '${name}_id_seq' THEN
        EXECUTE format('ALTER SEQUENCE %s RENAME TO ${name}_id_seq', sequence);
      END IF;
      EXECUTE format('ALTER TABLE ${table} ALTER COLUMN id SET DEFAULT nextval(%L::regclass)', sequence);

      -- Ids that were inserted by hand have not moved the sequence. RESTART is undone by a rollback, setval is not.
      EXECUTE format('SELECT greatest((SELECT max(id) FROM ${table}), 0, last_value - (NOT is_called)::integer) + 1 FROM %s', sequence)
        INTO next_id;
      EXECUTE format('ALTER SEQUENCE %s AS integer INCREMENT BY 1 MINVALUE 1 NO MAXVALUE START WITH 1 RESTART WITH %s
        CACHE 1 NO CYCLE OWNED BY ${table}.id', sequence, next_id);
    END
  $$`;
}
