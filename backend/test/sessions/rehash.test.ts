import { hash as bcrypt } from "@node-rs/bcrypt";
import { afterAll, beforeAll, expect, test } from "vitest";

import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { newEmail } from "../support/requests.ts";
import { serveApp, type ServedApp, type ServedAppOptions } from "../support/served-app.ts";
import { login } from "../support/sign-in.ts";

const PASSWORD = "seven purple herons";
const LONG = "x7".repeat(40);

describeOnDatabases("a user of the Python service", (create) => {
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

  async function insert(email: string, password: string): Promise<string> {
    const hash = await bcrypt(password, 4);
    await app.database.withSession(
      async (session) =>
        await session.query(
          "INSERT INTO users (email, email_normalized, hashed_password) VALUES ($1, $2, $3)",
          [email, email.toLowerCase(), hash],
        ),
    );
    return hash;
  }

  async function hashOf(email: string): Promise<unknown> {
    const [row] = await app.database.withSession(
      async (session) => await session.query("SELECT hashed_password FROM users WHERE email = $1", [email]),
    );
    return row?.["hashed_password"];
  }

  async function status(email: string, password: string): Promise<number> {
    return (await login(app.url, { email, password })).status;
  }

  test("signs in, and from then on with an argon2id hash of the same password", async () => {
    const email = newEmail();
    const old = await insert(email, PASSWORD);
    expect(await status(email, "wrong")).toBe(401);
    expect(await hashOf(email)).toBe(old);
    expect(await status(email, PASSWORD)).toBe(200);
    const renewed = await hashOf(email);
    expect(renewed).toMatch(/^\$argon2id\$/);
    expect(app.logged.filter(({ event }) => event === "rehashed")).toHaveLength(1);
    expect([await status(email, PASSWORD), await status(email, "wrong")]).toEqual([200, 401]);
    expect(await hashOf(email)).toBe(renewed);
  });

  test("with more than 72 bytes keeps the old hash, which read no more of them", async () => {
    const email = newEmail();
    const old = await insert(email, LONG);
    expect(await status(email, LONG)).toBe(200);
    expect(await hashOf(email)).toBe(old);
  });

  test("signs in with an address that a rule of today would refuse", async () => {
    await insert("Root@localhost", PASSWORD);
    expect(await status("root@LOCALHOST", PASSWORD)).toBe(200);
  });

  test("who signs in twice at once is let in twice", async () => {
    const email = newEmail();
    await insert(email, PASSWORD);
    expect(await Promise.all([status(email, PASSWORD), status(email, PASSWORD)])).toEqual([200, 200]);
    expect(await status(email, PASSWORD)).toBe(200);
  });

  test("is let in although too many wait for a hash: the new one can wait", async () => {
    const email = newEmail();
    await insert(email, PASSWORD);
    await withApp({ hashQueue: { concurrency: 1, maxWaiting: 0 } }, async (narrow) => {
      const answers = await Promise.all(
        Array.from({ length: 5 }, async () => await login(narrow, { email, password: PASSWORD })),
      );
      expect(answers.map((answer) => answer.status)).toContain(200);
      for (const answer of answers) expect([200, 503]).toContain(answer.status);
    });
  });

  test("keeps its hash while PASSWORD_SCHEME is bcrypt", async () => {
    const email = newEmail();
    const old = await insert(email, PASSWORD);
    await withApp({ passwords: { minLength: 8, scheme: "bcrypt" } }, async (shared) => {
      expect((await login(shared, { email, password: PASSWORD })).status).toBe(200);
    });
    expect(await hashOf(email)).toBe(old);
  });

  /** Another app on the same database, which the embedded one lets only one have. */
  async function withApp(options: ServedAppOptions, work: (url: string) => Promise<void>): Promise<void> {
    await app.close();
    const other = await serveApp(own.url, options);
    try {
      await work(other.url);
    } finally {
      await other.close();
      app = await serveApp(own.url);
    }
  }
});
