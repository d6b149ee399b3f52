// The examples as a reader starts them: each on a port, the backend inside, somebody registers over HTTP.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, onTestFinished, test } from "vitest";

import { startServer } from "../support/server-process.ts";
import { createTestDatabase, testServers } from "../support/test-database.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

const hosts: Readonly<Record<string, { readonly file: string; readonly says: string }>> = {
  express: { file: "server.ts", says: "Express" },
  fastify: { file: "server.ts", says: "Fastify" },
  next: { file: "host.ts", says: "fetch" },
};

test("every example is tried here", () => {
  expect(readdirSync(examples).toSorted()).toEqual(Object.keys(hosts));
});

describe.skipIf(testServers.length === 0)("the backend inside", () => {
  test.for(Object.entries(hosts))(
    "%s registers, refuses, and leaves other paths to its host",
    async ([name, host]) => {
      const { url: databaseUrl, close } = await createTestDatabase();
      onTestFinished(close);
      const command = [process.execPath, "--conditions=wellhead-source", host.file] as const;
      const { url, stop } = await startServer(command, {
        cwd: join(examples, name),
        env: { DATABASE_URL: databaseUrl },
      });
      expect(await ask(`${url}/hello`)).toEqual({ status: 200, body: { hello: host.says } });

      const ada = { email: "ada@example.org", password: "seven purple herons" };
      expect(await post(url, ada)).toMatchObject({ status: 201, body: { email: ada.email } });
      expect(await post(url, { ...ada, email: "ADA@example.org" })).toEqual({
        status: 409,
        body: { detail: "Email already registered" },
      });
      expect(await post(url, { email: "x" })).toMatchObject({ status: 422, body: { detail: [{}, {}] } });
      expect(await post(url, { ...ada, full_name: "x".repeat(20_000) })).toMatchObject({ status: 413 });
      expect(await ask(`${url}/nowhere`)).toMatchObject({ status: 404 });
      expect(await stop()).toBe(0);
    },
  );
});

async function post(url: string, body: unknown) {
  return await ask(`${url}/auth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function ask(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? (JSON.parse(text) as unknown) : text };
}
