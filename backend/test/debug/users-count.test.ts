import { describe, expect, test } from "vitest";

import type { AppOptions } from "../../app.ts";
import { anyDatabase } from "../support/databases.ts";
import { ask, countUsers, register } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

async function withApp(debug: AppOptions["debug"], work: (app: ServedApp) => Promise<void>): Promise<void> {
  const own = await anyDatabase();
  const app = await serveApp(own.url, { debug });
  try {
    await work(app);
  } finally {
    await app.close();
    await own.remove();
  }
}

const NOT_FOUND = { status: 404, body: { detail: "Not Found" } };

describe("GET /debug/users_count", () => {
  test("counts, also while registrations run", async () => {
    await withApp({ kind: "open" }, async ({ url }) => {
      expect(await ask(`${url}/debug/users_count`)).toMatchObject({ status: 200, body: { count: 0 } });
      const registrations = Promise.all(Array.from({ length: 30 }, async () => await register(url)));
      const counts: number[] = [];
      for (let i = 0; i < 30; i++) counts.push(await countUsers(url));
      await registrations;
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(await countUsers(url)).toBe(30);
    });
  });

  test("switched off it is not there, nor in the document", async () => {
    await withApp({ kind: "off" }, async ({ url }) => {
      expect(await ask(`${url}/debug/users_count`)).toMatchObject(NOT_FOUND);
      expect(await ask(`${url}/debug/users_count`, { method: "POST" })).toMatchObject(NOT_FOUND);
      expect(JSON.stringify((await ask(`${url}/openapi.json`)).body)).not.toContain("debug");
    });
  });

  test("with a token it is there for who brings it", async () => {
    await withApp({ kind: "token", token: "s3cret" }, async ({ url, logged }) => {
      const answers = [
        undefined,
        "Bearer",
        "Bearer wrong",
        "Bearer s3cre",
        "s3cret",
        "Basic s3cret",
        "Bearer s3cret2",
      ].map(
        async (authorization) =>
          await ask(
            `${url}/debug/users_count`,
            authorization === undefined ? {} : { headers: { Authorization: authorization } },
          ),
      );
      for (const answer of await Promise.all(answers)) expect(answer).toMatchObject(NOT_FOUND);
      expect(await ask(`${url}/debug/users_count`, { method: "POST" })).toMatchObject(NOT_FOUND);
      const headers = { Authorization: "Bearer s3cret" };
      expect(await ask(`${url}/debug/users_count`, { headers })).toMatchObject({
        status: 200,
        body: { count: 0 },
      });
      expect(JSON.stringify(logged)).not.toContain("s3cret");
    });
  });

  test("there is nothing else below /debug", async () => {
    await withApp({ kind: "open" }, async ({ url }) => {
      for (const path of ["/debug", "/debug/", "/debug/users", "/debug/users_count/"]) {
        expect(await ask(url + path)).toMatchObject(NOT_FOUND);
      }
    });
  });
});
