import { afterAll, beforeAll, expect, test } from "vitest";

import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { ask, countUsers, newEmail, PASSWORD, postJson, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

describeOnDatabases("registration", (create) => {
  let own: OwnDatabase;
  let app: ServedApp;

  beforeAll(async () => {
    own = await create();
    app = await serveApp(own.url);
  });
  afterAll(async () => {
    await app.close();
    await own.remove();
  });

  async function run(script: string): Promise<void> {
    await app.database.withSession(async (session) => await session.run(script));
  }

  /** The rows as they lie in the table. */
  async function rows(email: string) {
    return await app.database.withSession(
      async (session) => await session.query("SELECT * FROM users WHERE email = $1", [email]),
    );
  }

  test("201 tells the user, where it is, and is not to be stored", async () => {
    const email = newEmail();
    const answer = await register(app.url, { email, full_name: "  Ada Lovelace " });
    expect(answer.status).toBe(201);
    const user = answer.body as Record<string, unknown>;
    expect(Object.keys(user)).toEqual(["id", "email", "full_name", "created_at"]);
    expect(user).toMatchObject({ email, full_name: "Ada Lovelace" });
    expect(user["id"]).toSatisfy(Number.isInteger);
    expect(user["created_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.now() - Date.parse(String(user["created_at"])))).toBeLessThan(60_000);
    expect(answer.headers.get("Location")).toBe(`/users/${String(user["id"])}`);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  test("what lies in the table is the address in two forms and an argon2id hash", async () => {
    const typed = newEmail().replace("user", "USER");
    await register(app.url, { email: ` ${typed} ` });
    expect(await rows(typed)).toMatchObject([
      {
        email: typed,
        email_normalized: typed.toLowerCase(),
        full_name: "",
        hashed_password: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
      },
    ]);
  });

  test("a known address is refused, whatever its case", async () => {
    const email = newEmail();
    expect((await register(app.url, { email })).status).toBe(201);
    for (const spelling of [email, email.toUpperCase(), ` ${email}`]) {
      const answer = await register(app.url, { email: spelling });
      expect(answer).toMatchObject({ status: 409, body: { detail: "Email already registered" } });
    }
  });

  test("of six equal registrations at once one is 201 and five are 409", async () => {
    const email = newEmail();
    const before = await countUsers(app.url);
    const answers = await Promise.all(
      Array.from(
        { length: 6 },
        async (_, i) => await register(app.url, { email: i % 2 === 0 ? email : email.toUpperCase() }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    expect(await countUsers(app.url)).toBe(before + 1);
  });

  test("there is no 201 when COMMIT fails", async () => {
    const before = await countUsers(app.url);
    await run(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
      CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON users
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const email = newEmail();
    const refused = await register(app.url, { email });
    await run("DROP TRIGGER at_commit ON users; DROP FUNCTION refuse()");
    expect(refused).toMatchObject({ status: 500, body: { detail: "Internal Server Error" } });
    expect(await countUsers(app.url)).toBe(before);
    expect((await register(app.url, { email })).status).toBe(201);
  });

  test("each 201 is counted at once", async () => {
    const before = await countUsers(app.url);
    await Promise.all(Array.from({ length: 20 }, async () => await register(app.url)));
    expect(await countUsers(app.url)).toBe(before + 20);
  });

  test.each([
    ["128 characters", "x7".repeat(64)],
    ["characters of other planes", "🦉🦊🐝🦇🐢🦎🐙🦀"],
    ["blanks and no digit", "seven purple herons"],
    ["1,024 of the longest characters", "🦉".repeat(1024)],
  ])("a password of %s is accepted", async (_, password) => {
    expect((await register(app.url, { password })).status).toBe(201);
  });

  test("a name may be in any script and as long as the column", async () => {
    const answer = await register(app.url, { full_name: "梅".repeat(255) + "🌸" });
    expect(answer).toMatchObject({ status: 201, body: { full_name: "梅".repeat(255) + "🌸" } });
  });

  test("a name may be left out or null, and unknown fields are ignored", async () => {
    expect(await register(app.url)).toMatchObject({ status: 201, body: { full_name: "" } });
    expect(await register(app.url, { full_name: null, is_admin: true, id: 7 })).toMatchObject({
      status: 201,
      body: { full_name: "" },
    });
  });

  test("nothing of the password is logged or answered", async () => {
    const email = newEmail();
    const { body } = await register(app.url, { email, password: "hunter2-hunter2" });
    await postJson(app.url, `{"email": "${email}", "password": "hunter2-hunter2" oops`);
    await register(app.url, { email: "bad", password: "hunter2-hunter2" });
    await ask(`${app.url}/auth/register?password=hunter2-hunter2`, {
      headers: { Authorization: "Bearer hunter2-hunter2", Cookie: "s=hunter2" },
    });
    expect(JSON.stringify([body, app.logged])).not.toMatch(/hunter2|argon2id/);
  });

  test("every request is logged once, under the id that its answer carries", async () => {
    const { headers } = await register(app.url);
    const id = headers.get("X-Request-Id");
    expect(app.logged.filter(({ msg, requestId }) => msg === "request" && requestId === id)).toMatchObject([
      {
        level: "info",
        msg: "request",
        method: "POST",
        path: "/auth/register",
        status: 201,
        durationMs: expect.any(Number),
      },
    ]);
    const given = await ask(`${app.url}/healthz`, { headers: { "X-Request-Id": "from-the-proxy:1" } });
    expect(given.headers.get("X-Request-Id")).toBe("from-the-proxy:1");
    const forged = await ask(`${app.url}/healthz`, { headers: { "X-Request-Id": 'x","level":"fatal' } });
    expect(forged.headers.get("X-Request-Id")).toMatch(/^[\da-f-]{36}$/);
  });
});

describeOnDatabases("a password scheme of bcrypt", (create) => {
  test("writes hashes that passlib reads, and refuses what bcrypt would cut off", async () => {
    const own = await create();
    const app = await serveApp(own.url, { passwords: { minLength: 8, scheme: "bcrypt" } });
    try {
      const email = newEmail();
      expect((await register(app.url, { email, password: PASSWORD })).status).toBe(201);
      expect((await register(app.url, { password: "x7".repeat(37) })).status).toBe(422);
      const [row] = await app.database.withSession(
        async (session) =>
          await session.query<{ hashed_password: string }>(
            "SELECT hashed_password FROM users WHERE email = $1",
            [email],
          ),
      );
      expect(row?.hashed_password).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/);
    } finally {
      await app.close();
      await own.remove();
    }
  });
});
