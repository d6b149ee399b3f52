import { afterAll, beforeAll, expect, test } from "vitest";

import { anyDatabase, type OwnDatabase } from "../support/databases.ts";
import { ask } from "../support/requests.ts";
import { serveApp, type ServedApp } from "../support/served-app.ts";

let own: OwnDatabase;
let app: ServedApp;

beforeAll(async () => {
  own = await anyDatabase();
  app = await serveApp(own.url);
});
afterAll(async () => {
  await app.close();
  await own.remove();
});

interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, unknown>; requestBody?: { required: boolean } }>
  >;
  readonly components: {
    schemas: Record<string, { properties: Record<string, unknown>; required?: string[] }>;
  };
}

async function readDocument(): Promise<Document> {
  return (await ask(`${app.url}/openapi.json`)).body as Document;
}

test("the document is OpenAPI 3.1 and names every route with all its statuses", async () => {
  const { openapi, paths } = await readDocument();
  expect(openapi).toBe("3.1.0");
  const statuses = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => [
      `${method} ${path}`,
      Object.keys(responses),
    ]),
  );
  expect(Object.fromEntries(statuses)).toEqual({
    "post /auth/register": ["201", "409", "413", "415", "422", "429", "500", "503"],
    "post /auth/login": ["200", "401", "403", "413", "415", "422", "429", "500", "503"],
    "get /users/{id}": ["200", "401", "404", "422", "500", "503"],
    "get /auth/me": ["200", "401", "500", "503"],
    "post /auth/logout": ["204", "401", "403", "500", "503"],
    "post /auth/logout-all": ["204", "401", "403", "500", "503"],
    "get /auth/sessions": ["200", "401", "500", "503"],
    "delete /auth/sessions/{id}": ["204", "401", "403", "404", "422", "500", "503"],
    "get /debug/users_count": ["200", "500", "503"],
    "get /healthz": ["200", "500"],
    "get /readyz": ["200", "500", "503"],
  });
});

test("it describes the body of a registration", async () => {
  const { components, paths } = await readDocument();
  expect(paths["/auth/register"]?.["post"]?.requestBody?.required).toBe(true);
  expect(components.schemas["Registration"]).toMatchObject({
    type: "object",
    required: ["email", "password"],
    properties: {
      email: { type: "string", format: "email", maxLength: 254 },
      password: { type: "string", format: "password", minLength: 8, maxLength: 1024 },
      full_name: { type: ["string", "null"], maxLength: 256, default: "" },
    },
  });
});

test("every reference in it leads somewhere", async () => {
  const document = await readDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(references.length).toBeGreaterThan(5);
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
});

test("every error has a body", async () => {
  const { paths } = await readDocument();
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) >= 400) expect(response).toHaveProperty("content");
    }
  }
});

test("/docs shows it without another host", async () => {
  const { body, headers, status } = await ask(`${app.url}/docs`);
  expect(status).toBe(200);
  expect(headers.get("Content-Type")).toMatch(/^text\/html/);
  expect(body).toContain("POST /auth/register");
  expect(body).toContain("at least 8");
  expect(body).not.toMatch(/<script(?! src="assets\/)|https?:\/\/|undefined|\[object/);
});
