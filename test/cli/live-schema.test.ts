import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { cliProject } from "../support/cli-project.ts";
import { connectedDatabase } from "../support/connected-database.ts";
import { migrationsFolder, temporaryFolder } from "../support/migrations-folder.ts";
import { runCli } from "../support/run-cli.ts";
import { describeOnPostgres } from "../support/test-database.ts";

const base = {
  id: "aa11",
  upgrade: `CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, nickname text);
CREATE VIEW names AS SELECT u.id, lower(u.email) AS name FROM users u;`,
  downgrade: "DROP VIEW names; DROP TABLE users;",
};

const grown = `CREATE EXTENSION pg_trgm;
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE author (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, mood mood DEFAULT 'glad');
CREATE TABLE post (id serial PRIMARY KEY, author int NOT NULL REFERENCES author ON DELETE CASCADE, price numeric(10,2) CHECK (price > 0));
CREATE INDEX ON author USING gin (email gin_trgm_ops);
CREATE VIEW feed AS SELECT post.id, author.email FROM post JOIN author ON author.id = post.author;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON post FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON TABLE post IS 'what was written';
CREATE POLICY own ON post FOR SELECT USING (EXISTS (SELECT FROM author a WHERE a.id = post.author AND post.price > 1));
CREATE RULE "not Ada" AS ON DELETE TO author WHERE OLD.email = 'ada@example.org' DO INSTEAD SELECT post.id FROM post WHERE post.author = OLD.id;
CREATE FUNCTION posts_of(who int) RETURNS bigint BEGIN ATOMIC SELECT count(post.id) FROM post WHERE post.author = posts_of.who; END;
CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at); CREATE TABLE visit_rest PARTITION OF visit DEFAULT;
CREATE TABLE page (id int PRIMARY KEY, kind text DEFAULT 'page'); CREATE TABLE leaf () INHERITS (page); ALTER TABLE leaf ALTER kind SET DEFAULT 'leaf';
CREATE MATERIALIZED VIEW authors AS SELECT author.email FROM author WITH NO DATA; COMMENT ON COLUMN authors.email IS 'whose';
GRANT ALL ON post TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
INSERT INTO author (email) VALUES ('ada@example.org');`;

interface Checked {
  readonly sections: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly skipped?: string;
    readonly findings: readonly { readonly code: string; readonly message: string }[];
  }[];
}

describeOnPostgres("a live schema", (server) => {
  test("check finds no drift where nobody touched the database", async () => {
    const project = await cliProject(server, base);
    await project.wellhead("upgrade");
    const { exitCode, stdout } = await project.wellhead("check", "--only", "drift");
    expect(stdout).toMatch(/^ok +drift: \S+ is what aa11 produces$/m);
    expect(exitCode).toBe(0);
  });

  test("check says in words what the database has that its versions do not produce, and the reverse", async () => {
    const project = await cliProject(server, base);
    await project.wellhead("upgrade");
    await project.rows("CREATE INDEX users_email_idx ON users (email)");
    await project.rows("ALTER TABLE users DROP nickname");
    await project.rows("ALTER TABLE users ALTER email SET DEFAULT ''");
    await project.rows("CREATE SCHEMA tool; CREATE TABLE tool.own (id int)");
    await project.rows("CREATE OR REPLACE VIEW names AS SELECT u.id, upper(u.email) AS name FROM users u");
    const result = await project.wellhead("check", "--only", "drift", "--json");
    const [section] = (result.json() as Checked).sections;
    expect(section?.findings.map(({ message }) => message.replaceAll(/\s+/g, " "))).toEqual([
      "column users.email: the revisions produce text not null, the database has text not null default ''::text",
      "column users.nickname: produced by the revisions, not in the database",
      "index users_email_idx: in the database, in no revision",
      "view names: the revisions produce SELECT id, lower(email) AS name FROM public.users u;, the database has SELECT id, upper(email) AS name FROM public.users u;",
    ]);
    expect(result.exitCode).toBe(1);
  });

  test("check asks nothing of a database without versions", async () => {
    const project = await cliProject(server, base);
    const result = await project.wellhead("check", "--only", "drift", "--json");
    expect((result.json() as Checked).sections[0]?.skipped).toContain("stands at no revision");
    expect(result.exitCode).toBe(0);
  });

  test("diff tells heads and the database apart, and prints the way from one to the other", async () => {
    const project = await cliProject(server, base);
    await project.wellhead("upgrade");
    const same = await project.wellhead("diff", "heads", "database");
    expect([same.exitCode, same.stdout]).toEqual([
      0,
      expect.stringMatching(/^No difference between heads and /),
    ]);
    await project.rows("ALTER TABLE users ADD age int");
    const { exitCode, stdout } = await project.wellhead("diff", "heads", "database");
    expect(stdout).toMatch(/^column users\.age: only in \S+$/m);
    expect(exitCode).toBe(1);
    const sql = await project.wellhead("diff", "heads", "database", "--sql");
    expect(sql.stdout).toBe("ALTER TABLE public.users ADD COLUMN age integer;\n");
    const back = await project.wellhead("diff", "database", "heads", "--sql");
    expect(back.stdout).toBe("-- loses data\nALTER TABLE public.users DROP COLUMN age;\n");
  });

  test("diff needs no revisions where none are compared", async () => {
    const live = await connectedDatabase(server);
    await live.rows("CREATE TABLE t (id int)");
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "schema.sql"), "CREATE TABLE t (id int, more text);");
    const { stdout } = await runCli(["diff", live.url, "schema.sql"], { cwd });
    expect(stdout).toBe("column t.more: only in schema.sql\n");
  });

  test("baseline writes what the database has, proves it and stamps the database", async () => {
    const live = await connectedDatabase(server);
    await live.rows(grown);
    const folder = temporaryFolder();
    const wellhead = async (url: string, ...argv: string[]) =>
      await runCli([...argv, "--dir", "."], { cwd: folder, env: { DATABASE_URL: url } });
    const made = await wellhead(live.url, "baseline", "-m", "what was there", "--rev-id", "b0");
    expect([made.stderr, made.exitCode]).toEqual([expect.not.stringContaining("error"), 0]);
    expect(made.stdout).toContain("proved: it produces the schema of the database");
    expect(await live.rows("SELECT version_num FROM alembic_version")).toEqual([{ version_num: "b0" }]);
    const fresh = await connectedDatabase(server);
    expect((await wellhead(fresh.url, "upgrade")).exitCode).toBe(0);
    expect((await wellhead(fresh.url, "diff", live.url, "database")).stdout).toMatch(/^No difference/);
    await live.rows("REFRESH MATERIALIZED VIEW authors");
    const drift = await wellhead(live.url, "check", "--only", "drift");
    expect([drift.exitCode, drift.stdout]).toEqual([0, expect.stringMatching(/^ok .* produces\n$/)]);
    const again = await wellhead(live.url, "baseline");
    expect(again.stderr).toContain("error: There are revisions already: b0.");
    const elsewhere = await runCli(["baseline", "--dir", "."], {
      cwd: temporaryFolder(),
      env: { DATABASE_URL: live.url },
    });
    expect(elsewhere.stderr).toMatch(/error: \S+ stands at b0: it has a history\./);
  });

  test("baseline writes rights for roles that only the server has", async () => {
    const live = await connectedDatabase(server);
    const role = `reader_${live.name}`;
    await live.rows(`CREATE TABLE t (id int); CREATE ROLE ${role}; GRANT SELECT ON t TO ${role}`);
    try {
      const folder = temporaryFolder();
      const env = { DATABASE_URL: live.url };
      const made = await runCli(["baseline", "--no-stamp", "--dir", "."], { cwd: folder, env });
      expect(made.stdout).toContain("proved");
      const [file = ""] = readdirSync(folder);
      expect(readFileSync(join(folder, file), "utf8")).toContain(
        `GRANT SELECT ON TABLE public.t TO ${role};`,
      );
      expect(await live.rows("SELECT to_regclass('alembic_version') AS t")).toEqual([{ t: null }]);
      const checked = await runCli(["check", "--dir", "."], { cwd: folder });
      expect(checked.exitCode).toBe(0);
    } finally {
      await live.rows(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

describe("wellhead diff without a database", () => {
  test("compares revisions with a file, and with each other", async () => {
    const folder = migrationsFolder(base, {
      id: "bb22",
      revises: "aa11",
      upgrade: "ALTER TABLE users ADD age int;",
    });
    writeFileSync(
      join(folder, "schema.sql"),
      "CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);",
    );
    const diff = async (...argv: string[]) => await runCli(["diff", ...argv, "--dir", "."], { cwd: folder });
    const file = await diff("aa11", "./schema.sql");
    expect(file.stdout).toBe("column users.nickname: only in aa11\nview names: only in aa11\n");
    expect(file.exitCode).toBe(1);
    const revisions = await diff("aa11", "heads", "--json");
    expect(revisions.json()).toEqual({
      equal: false,
      words: ["column users.age: only in heads"],
      differences: [
        { change: "added", kind: "column", name: "public.users.age", before: null, after: "integer" },
      ],
    });
  });

  test("refuses what it does not know, and a database that nobody named", async () => {
    const folder = migrationsFolder(base);
    const diff = async (...argv: string[]) => await runCli(["diff", ...argv, "--dir", "."], { cwd: folder });
    expect((await diff("heads", "nonsense")).stderr).toContain('"nonsense"');
    const missing = await diff("heads", "gone.sql");
    expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining("gone.sql")]);
    expect(missing.stderr).toContain("hint: a path is relative to the folder that you are in");
    const latin = join(temporaryFolder(), "latin1.sql");
    writeFileSync(latin, Buffer.from("CREATE TABLE café ()", "latin1"));
    expect((await diff("heads", latin)).stderr).toContain("latin1.sql cannot be read: it is not UTF-8.");
    const unmade = await diff("heads", "pglite:./unmade");
    expect([unmade.exitCode, unmade.stderr]).toEqual([
      2,
      expect.stringContaining("There is no database to read: pglite:./unmade is not there."),
    ]);
    expect(readdirSync(folder)).toEqual(["aa11.sql"]);
    const nobody = await diff("heads", "database");
    expect([nobody.exitCode, nobody.stderr]).toEqual([
      2,
      expect.stringContaining("There is no database to read: pglite:./.data/pglite is not there."),
    ]);
    expect((await diff("heads")).exitCode).toBe(2);
  });

  test("an embedded database is a database too", async () => {
    const folder = migrationsFolder(base);
    const env = { DATABASE_URL: "pglite:./data" };
    const wellhead = async (...argv: string[]) => await runCli([...argv, "--dir", "."], { cwd: folder, env });
    await wellhead("upgrade");
    expect((await wellhead("diff", "heads", "database")).exitCode).toBe(0);
    expect((await wellhead("check", "--only", "drift")).stdout).toContain("is what aa11 produces");
  });
});
