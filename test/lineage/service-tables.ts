import { readFileSync } from "node:fs";
import type { Session } from "./databases.ts";

/** Version tables that the Python service's databases really have, as dumped from them. */
export const dumps = {
  initial: "only_0001_init.sql",
  twoHeads: "two_heads_a1b2c3d4fullnam3_e3bffa2a4321.sql",
} as const;

/** Loads a dump into an empty database, with its tables, its rows and its version table. */
export async function loadDump(session: Session, dump: keyof typeof dumps): Promise<void> {
  const file = new URL(`../fixtures/existing-databases/${dumps[dump]}`, import.meta.url);
  await session.run(readFileSync(file, "utf8"));
  // The dump empties the search path of its session.
  await session.run("RESET ALL");
}

/** What Alembic's revisions of the baseline's line added to its tables, in their order. */
const steps = [
  {
    revision: "2c131f530702",
    script: `
      CREATE TABLE "user" (
        id serial PRIMARY KEY,
        email varchar(256) NOT NULL UNIQUE,
        password_hash varchar(256) NOT NULL
      );
      CREATE INDEX ix_user_email ON "user" (email);
      CREATE TABLE event (
        id serial PRIMARY KEY,
        title varchar(200) NOT NULL,
        description varchar(2000) NOT NULL,
        country_code varchar(2) DEFAULT 'IL' NOT NULL,
        start_time timestamptz NOT NULL
      );
      CREATE TABLE participant (
        id serial PRIMARY KEY,
        event_id integer NOT NULL REFERENCES event,
        user_id integer REFERENCES "user",
        display_name varchar(200) NOT NULL
      );
      INSERT INTO "user" (email, password_hash) VALUES
        ('user1@example.org', '$2b$12$one'), ('user2@example.org', '$2b$12$two'), ('user3@example.org', '$2b$12$three');
      INSERT INTO event (title, description, start_time) VALUES ('Picnic', E'Line one\nLine two', '2025-08-21 10:00+00');
      INSERT INTO participant (event_id, user_id, display_name) VALUES (1, 1, 'One'), (1, NULL, 'Guest'), (1, 3, 'Three');`,
  },
  {
    revision: "cae03aeba4e5",
    script: `
      ALTER TABLE "user" ADD COLUMN full_name varchar(256) DEFAULT '' NOT NULL;
      ALTER TABLE "user" ALTER COLUMN full_name DROP DEFAULT;
      ALTER TABLE event ADD COLUMN address varchar(300) DEFAULT '' NOT NULL;
      ALTER TABLE event ALTER COLUMN address DROP DEFAULT;
      UPDATE "user" SET full_name = 'User One' WHERE id = 1;`,
  },
  {
    revision: "cf36412b4ea9",
    script: `
      ALTER TABLE event ADD COLUMN required_attendees integer DEFAULT 1 NOT NULL;
      ALTER TABLE event ALTER COLUMN required_attendees DROP DEFAULT;
      ALTER TABLE event ADD COLUMN is_locked_for_edit boolean DEFAULT false NOT NULL;
      ALTER TABLE event ALTER COLUMN is_locked_for_edit DROP DEFAULT;`,
  },
  {
    revision: "4f6d2a1b7ac9",
    script: `ALTER TABLE "user" ADD COLUMN created_at timestamptz DEFAULT now() NOT NULL;`,
  },
] as const;

/** The tables as Alembic left them when it had run the baseline's line up to `revision`; no version table. */
export async function loadBaselineLine(
  session: Session,
  revision: (typeof steps)[number]["revision"],
): Promise<void> {
  const last = steps.findIndex((step) => step.revision === revision);
  for (const { script } of steps.slice(0, last + 1)) await session.run(script);
}

/** Sets the rows of the version table as Alembic writes it, whatever they were. */
export async function stampByHand(session: Session, versions: readonly string[]): Promise<void> {
  await session.run(`
    CREATE TABLE IF NOT EXISTS alembic_version (
      version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );
    DELETE FROM alembic_version`);
  for (const version of versions) await session.query("INSERT INTO alembic_version VALUES ($1)", [version]);
}
