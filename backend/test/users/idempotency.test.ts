import { afterAll, beforeAll, expect, test } from "vitest";

import { describeOnDatabases, type OwnDatabase } from "../support/databases.ts";
import { countUsers, newEmail, PASSWORD, postJson, type Answer } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

describeOnDatabases("Idempotency-Key", (create) => {
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

  async function send(key: string, fields: Record<string, unknown>): Promise<Answer> {
    return await postJson(app.url, JSON.stringify({ password: PASSWORD, ...fields }), {
      "Idempotency-Key": key,
    });
  }

  async function rows(sql: string) {
    return await app.database.withSession(async (session) => await session.query(sql));
  }

  test("the same key and body get the same 201, and make one user", async () => {
    const before = await countUsers(app.url);
    const body = { email: newEmail(), full_name: "Ada" };
    const first = await send("a", body);
    const second = await send("a", body);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(await countUsers(app.url)).toBe(before + 1);
    expect(app.logged.filter(({ event }) => event === "registered")).toHaveLength(1);
    expect((await send("another", body)).status).toBe(409);
  });

  test("the same key with another address, name or password is 422", async () => {
    const body = { email: newEmail(), full_name: "Ada" };
    expect((await send("b", body)).status).toBe(201);
    for (const other of [{ email: newEmail() }, { full_name: "Bob" }, { password: "eight purple herons" }]) {
      expect(await send("b", { ...body, ...other })).toMatchObject({
        status: 422,
        body: { detail: [{ type: "idempotency_key_taken", loc: ["header", "idempotency-key"] }] },
      });
    }
  });

  test("of many at once with one key and body one makes the user, and all get its 201", async () => {
    const before = await countUsers(app.url);
    const body = { email: newEmail() };
    const answers = await Promise.all(Array.from({ length: 6 }, async () => await send("c", body)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await countUsers(app.url)).toBe(before + 1);
  });

  test("of many at once with one key and other bodies one is registered", async () => {
    const before = await countUsers(app.url);
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => await send("d", { email: newEmail() })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422, 422, 422]);
    expect(await countUsers(app.url)).toBe(before + 1);
  });

  test("what was refused keeps no key", async () => {
    const email = newEmail();
    expect((await send("e", { email, password: "x" })).status).toBe(422);
    expect((await send("e", { email })).status).toBe(201);
    expect((await send("f", { email })).status).toBe(409);
    expect((await send("f", { email: newEmail() })).status).toBe(201);
  });

  test("an old key is free again", async () => {
    const body = { email: newEmail() };
    expect((await send("g", body)).status).toBe(201);
    await rows("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'");
    expect((await send("g", body)).status).toBe(409);
    expect((await send("g", { email: newEmail() })).status).toBe(201);
  });

  test("neither the password nor the key itself is kept", async () => {
    const body = { email: newEmail(), password: "hunter2-hunter2" };
    expect((await send("key-hunter2", body)).status).toBe(201);
    const kept = await rows("SELECT * FROM idempotency_keys");
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify([kept, app.logged])).not.toMatch(/hunter2|argon2id/);
  });

  test.each(["", "a b", "x".repeat(256)])("%j is no key", async (key) => {
    const answer = await send(key, { email: newEmail() });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["header", "idempotency-key"] }] } });
  });
});
