import { afterAll, beforeAll, expect, test } from "vitest";

import { generateChange, revisionSql, type GeneratedPart } from "../../src/autogenerate/index.ts";
import type { Session } from "../../src/database/index.ts";
import { readableSql, wholeSchema } from "../../src/schema/index.ts";
import { openScratch, type Scratch } from "../../src/scratch/index.ts";

let scratch: Scratch;
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(async () => await scratch?.close());

async function partFor(there: string, wished: string): Promise<GeneratedPart> {
  const make = (sql: string) => async (at: Session) => {
    await at.run(`${sql};`);
  };
  const generated = await scratch.database.withSession((session) =>
    generateChange(session, {
      produce: make(there),
      declare: make(wished),
      scope: () => wholeSchema,
      choose: async () => [],
    }),
  );
  const [part, ...others] = generated?.parts ?? [];
  if (part === undefined || others.length > 0) throw new Error("one part is expected");
  expect(part.leftToDo).toEqual([]);
  return part;
}

const blog = `
  create type mood as enum ('ok', 'sad');
  create domain email as text check (value like '%@%');
  create sequence ticket;
  create function slug(t text) returns text language sql immutable as $$ select lower(t) $$;
  create table users (id serial primary key, mail email not null unique, favourite bigint, check (id > 0));
  create table post (
    id bigint generated always as identity primary key, author int not null references users,
    mood mood not null default 'ok', body text collate "C",
    tag text generated always as (slug(body)) stored, nr int default nextval('ticket'),
    answers bigint references post
  );
  alter table users add foreign key (favourite) references post;
  create index on post (author);
  create view happy as select p.id, u.mail from post p join users u on u.id = p.author where p.mood = 'ok';
  create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger touched before update on post for each row execute function touch();
  alter table post enable row level security;
  create policy own on post using (id > 0);
  grant select on post to public;
  comment on table post is 'what people write'`;

test("a new schema reads as its models do, and goes the other way", async () => {
  const { upgrade, downgrade } = await partFor("select 1", blog);
  expect(revisionSql(upgrade)).toMatchInlineSnapshot(`
    "CREATE DOMAIN public.email AS text CONSTRAINT email_check CHECK ((VALUE ~~ '%@%'::text));
    CREATE TYPE public.mood AS ENUM ('ok', 'sad');

    CREATE SEQUENCE public.ticket AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1 NO CYCLE;

    CREATE OR REPLACE FUNCTION public.slug(t text)
     RETURNS text
     LANGUAGE sql
     IMMUTABLE
    AS $function$ select lower(t) $function$;

    CREATE TABLE public.post (
      id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      author integer NOT NULL,
      mood public.mood NOT NULL DEFAULT 'ok'::public.mood,
      body text COLLATE pg_catalog."C",
      tag text GENERATED ALWAYS AS (public.slug(body)) STORED,
      nr integer DEFAULT nextval('public.ticket'::regclass),
      answers bigint,
      CONSTRAINT post_pkey PRIMARY KEY (id),
      CONSTRAINT post_answers_fkey FOREIGN KEY (answers) REFERENCES public.post(id)
    );

    CREATE TABLE public.users (
      id serial,
      mail public.email NOT NULL,
      favourite bigint,
      CONSTRAINT users_pkey PRIMARY KEY (id),
      CONSTRAINT users_mail_key UNIQUE (mail),
      CONSTRAINT users_id_check CHECK ((id > 0)),
      CONSTRAINT users_favourite_fkey FOREIGN KEY (favourite) REFERENCES public.post(id)
    );

    CREATE OR REPLACE FUNCTION public.touch()
     RETURNS trigger
     LANGUAGE plpgsql
    AS $function$ begin return new; end $function$;

    ALTER TABLE public.post ADD CONSTRAINT post_author_fkey FOREIGN KEY (author) REFERENCES public.users(id);

    CREATE INDEX post_author_idx ON public.post USING btree (author);

    CREATE VIEW public.happy AS
    SELECT p.id,
        u.mail
    FROM (public.post p
        JOIN public.users u ON ((u.id = p.author)))
    WHERE (p.mood = 'ok'::public.mood);

    CREATE TRIGGER touched BEFORE UPDATE ON public.post FOR EACH ROW EXECUTE FUNCTION public.touch();

    ALTER TABLE public.post ENABLE ROW LEVEL SECURITY;

    CREATE POLICY own ON public.post FOR ALL TO PUBLIC USING ((id > 0));

    GRANT SELECT ON TABLE public.post TO PUBLIC;

    COMMENT ON TABLE public.post IS 'what people write';"
  `);
  expect(revisionSql(downgrade)).toMatchInlineSnapshot(`
    "DROP VIEW public.happy;

    ALTER TABLE public.users DROP CONSTRAINT users_favourite_fkey;

    -- loses data
    DROP TABLE public.post;
    -- loses data
    DROP TABLE public.users;
    DROP FUNCTION public.slug(text);
    DROP FUNCTION public.touch();
    DROP SEQUENCE public.ticket;
    DROP TYPE public.mood;
    DROP DOMAIN public.email;"
  `);
});

test("new columns of a table come one by one, as the models have them", async () => {
  const { upgrade, downgrade } = await partFor(
    "create table post (id int)",
    `create type mood as enum ('ok'); create domain age as int;
     create table post (id int, z int, mood mood default 'ok', a age, m text generated always as ('x') stored, b int)`,
  );
  expect(revisionSql(upgrade)).toMatchInlineSnapshot(`
    "CREATE DOMAIN public.age AS integer;
    CREATE TYPE public.mood AS ENUM ('ok');

    ALTER TABLE public.post ADD COLUMN z integer;
    ALTER TABLE public.post ADD COLUMN mood public.mood DEFAULT 'ok'::public.mood;
    ALTER TABLE public.post ADD COLUMN a public.age;
    ALTER TABLE public.post ADD COLUMN m text GENERATED ALWAYS AS ('x'::text) STORED;
    ALTER TABLE public.post ADD COLUMN b integer;"
  `);
  expect(revisionSql(downgrade)).toMatchInlineSnapshot(`
    "-- loses data
    ALTER TABLE public.post DROP COLUMN b;
    -- loses data
    ALTER TABLE public.post DROP COLUMN m;
    -- loses data
    ALTER TABLE public.post DROP COLUMN a;
    -- loses data
    ALTER TABLE public.post DROP COLUMN mood;
    -- loses data
    ALTER TABLE public.post DROP COLUMN z;

    DROP DOMAIN public.age;
    DROP TYPE public.mood;"
  `);
});

test("a function stands before the table that calls it and after the one that it returns", async () => {
  const { upgrade } = await partFor(
    "select 1",
    `create table a (id int primary key, n int);
     create function first_a() returns a language plpgsql stable as $$ begin return null; end $$;
     create function good(n int) returns boolean language plpgsql immutable as $$ begin return n > 0; end $$;
     create table b (id int check (good(id)), a a, tags text[] default array['x', 'y(,'], last int)`,
  );
  expect(revisionSql(upgrade)).toMatchInlineSnapshot(`
    "CREATE TABLE public.a (
      id integer NOT NULL,
      n integer,
      CONSTRAINT a_pkey PRIMARY KEY (id)
    );

    CREATE OR REPLACE FUNCTION public.good(n integer)
     RETURNS boolean
     LANGUAGE plpgsql
     IMMUTABLE
    AS $function$ begin return n > 0; end $function$;

    CREATE TABLE public.b (
      id integer,
      a public.a,
      tags text[] DEFAULT ARRAY['x'::text, 'y(,'::text],
      last integer,
      CONSTRAINT b_id_check CHECK (public.good(id))
    );

    CREATE OR REPLACE FUNCTION public.first_a()
     RETURNS public.a
     LANGUAGE plpgsql
     STABLE
    AS $function$ begin return null; end $function$;"
  `);
});

test("a name with a comma, a bracket or a quote in it takes no table apart", async () => {
  const { upgrade } = await partFor(
    "select 1",
    `create type "m(o,o)d" as enum ('a,(b', 'it''s');
     create table "T (1, 2)" ("x)," "m(o,o)d" default 'a,(b', "say ""hi""" text default 'it''s, (', constraint "c (" check ("say ""hi""" <> '),'))`,
  );
  expect(revisionSql(upgrade)).toMatchInlineSnapshot(`
    "CREATE TYPE public."m(o,o)d" AS ENUM ('a,(b', 'it''s');

    CREATE TABLE public."T (1, 2)" (
      "x)," public."m(o,o)d" DEFAULT 'a,(b'::public."m(o,o)d",
      "say ""hi""" text DEFAULT 'it''s, ('::text,
      CONSTRAINT "c (" CHECK (("say ""hi""" <> '),'::text))
    );"
  `);
});

test("a view is tidied without another meaning", async () => {
  await scratch.database.withSession(async (session) => {
    await session.run("BEGIN");
    try {
      await session.run('CREATE TABLE t (id int, "a\n   FROM b" text, n int)');
      for (const query of views) {
        await session.run(`CREATE OR REPLACE TEMPORARY VIEW told AS ${query}`);
        const before = await queryOf(session, "told");
        const sql = readableSql(`CREATE VIEW pg_temp."tidy" AS ${before.replace(/;$/, "")}`);
        expect(sql).toMatch(/^CREATE VIEW pg_temp\.tidy AS\n\S/);
        await session.run(sql);
        expect(await queryOf(session, "tidy")).toBe(before);
        await session.run("DROP VIEW tidy, told");
      }
    } finally {
      await session.run("ROLLBACK");
    }
  });
});

const views = [
  "SELECT 1 AS one",
  `SELECT 'a\n   FROM b ( SELECT' AS text, E'back\\\\slash\n  WHERE' AS other, "a\n   FROM b" FROM t`,
  "SELECT id, (SELECT max(n) FROM t i WHERE i.id = t.id) AS top FROM t WHERE id IN (SELECT n FROM t WHERE n > 1)",
  "WITH x AS (SELECT id FROM t), y AS (SELECT id FROM x ORDER BY id LIMIT 3) SELECT * FROM x LEFT JOIN y USING (id)",
  "SELECT id FROM t UNION ALL (SELECT n FROM t EXCEPT SELECT 2) ORDER BY 1 DESC OFFSET 1",
  "SELECT n, count(*) FILTER (WHERE id > 1), rank() OVER w FROM t GROUP BY n HAVING count(*) > 1 WINDOW w AS (ORDER BY n)",
  "VALUES (1, 'x'), (2, ' AS  SELECT')",
];

async function queryOf(session: Session, view: string): Promise<string> {
  const [row] = await session.queryArrays(
    `SELECT pg_catalog.pg_get_viewdef('pg_temp.${view}'::pg_catalog.regclass)`,
  );
  return String(row?.[0]);
}

test("what an event trigger forbids in the readable order is written in the order that was found", async () => {
  const guard = `
    create function guard() returns event_trigger language plpgsql as $$ begin
      if exists (select from pg_constraint c join pg_event_trigger_ddl_commands() d on d.objid = c.conrelid where c.contype = 'f')
      then raise exception 'foreign keys are added one by one'; end if;
    end $$;
    create event trigger guard on ddl_command_end when tag in ('CREATE TABLE') execute function guard();`;
  const { upgrade } = await partFor(
    guard,
    `create table post (id int primary key, answers int);
     alter table post add constraint answers foreign key (answers) references post; ${guard}`,
  );
  expect(revisionSql(upgrade)).toContain("ALTER TABLE public.post ADD CONSTRAINT answers FOREIGN KEY");
});

test("all rights on a table are one word, which every version of Postgres knows", async () => {
  const { upgrade } = await partFor(
    "create table post (id int)",
    "create table post (id int); grant all on post to public; alter default privileges grant all on tables to public",
  );
  expect(revisionSql(upgrade)).toContain("GRANT ALL ON TABLE public.post TO PUBLIC;");
  expect(revisionSql(upgrade)).toMatch(/ALTER DEFAULT PRIVILEGES .*GRANT ALL ON TABLES TO PUBLIC;/);
  expect(revisionSql(upgrade)).not.toContain("MAINTAIN");
});

test("an enum that is made anew is set aside under a name that is free", async () => {
  const others = "create type mood_old as enum ('x'); create type other as enum ('ok')";
  const { upgrade, downgrade } = await partFor(
    `create type mood as enum ('ok', 'sad'); create table post (mood mood); ${others}`,
    `create type mood as enum ('sad', 'ok'); create table post (mood mood); ${others}`,
  );
  for (const section of [upgrade, downgrade]) {
    expect(revisionSql(section)).toContain("ALTER TYPE public.mood RENAME TO mood_old2;");
    expect(revisionSql(section)).toContain("DROP TYPE public.mood_old2;");
    expect(revisionSql(section)).not.toContain("pgdelta");
  }
});

test("what does not run is told with what depends on it", async () => {
  const make = (sql: string) => async (at: Session) => {
    await at.run(sql);
  };
  const table = (type: string): string =>
    `create function f(text) returns ${type} immutable return lower($1);
     create table post (body text, short text generated always as (f(body)) stored)`;
  const generated = await scratch.database.withSession((session) =>
    generateChange(session, {
      produce: make(table("varchar")),
      declare: make(table("text")),
      scope: () => wholeSchema,
      choose: async () => [],
    }),
  );
  expect(generated?.parts[0]?.leftToDo).toEqual([
    expect.objectContaining({
      reason: expect.stringContaining(": column short of table post depends on function f(text)"),
    }),
  ]);
});
