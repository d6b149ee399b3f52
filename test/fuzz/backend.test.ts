import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../../backend/test/support/databases.ts";
import { ask, register } from "../../backend/test/support/requests.ts";
import { serveApp, type ServedApp } from "../../backend/test/support/served-app.ts";
import { fuzz } from "./support/fuzz.ts";
import { SECRET } from "./support/hostile-values.ts";
import type { OpenApi } from "./support/operations.ts";

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url, { metrics: { kind: "token", token: SECRET } });
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

// `bench/fuzz.ts` sends many more.
test("600 random and hostile requests break nothing and are told nothing", async () => {
  const { body } = await ask(`${app.url}/openapi.json`);
  const { findings, statuses } = await fuzz({
    port: Number(new URL(app.url).port),
    document: body as OpenApi,
    requests: 600,
    seed: 1,
  });
  expect(findings.map(({ what, attack, number }) => `${number} ${attack}: ${what}`)).toEqual([]);
  for (const status of [200, 201, 400, 401, 404, 405, 413, 415, 422, 431]) {
    expect([status, statuses.has(status)]).toEqual([status, true]);
  }
  expect(JSON.stringify(app.logged)).not.toContain(SECRET);
  expect((await register(app.url)).status).toBe(201);
});
