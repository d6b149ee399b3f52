// The files that hosts read, as far as a machine without these hosts can try them: each parses, and what it starts
// serves.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { validate } from "dockerfile-utils";
import { parse as parseToml } from "smol-toml";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse as parseYaml } from "yaml";

import { temporaryFolder } from "../support/migrations-folder.ts";
import { startServer } from "../support/server-process.ts";
import { createTestDatabase, testServers } from "../support/test-database.ts";
import { readImage } from "./support/image.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), "utf8");

interface Service {
  readonly buildCommand: string;
  readonly startCommand: string;
  readonly healthCheckPath: string;
  readonly envVars: readonly { key: string; value?: string; fromDatabase?: { name: string } }[];
}
const render = parseYaml(read("render.yaml")) as {
  readonly services: readonly [Service];
  readonly databases: readonly { name: string }[];
};
const heroku = JSON.parse(read("app.json")) as {
  readonly env: Readonly<Record<string, { value: string }>>;
  readonly addons: readonly { plan: string }[];
};
const fly = parseToml(read("fly.toml")) as unknown as {
  readonly env: Readonly<Record<string, string>>;
  readonly build: { readonly dockerfile: string };
  readonly kill_timeout: string;
  readonly http_service: { readonly internal_port: number; readonly checks: readonly { path: string }[] };
};
const image = readImage(read("Dockerfile"));

describe("the Dockerfile", () => {
  test("has no fault that a linter knows", () => {
    expect(validate(read("Dockerfile"))).toEqual([]);
  });

  test("installs what the lockfile says, and for the image only what it runs with, as another user than root", () => {
    expect([...image.stages]).toEqual([
      ["build", ["npm ci"]],
      [
        "dependencies",
        ["npm ci --omit=dev --ignore-scripts --workspace=packages/wellhead --workspace=backend"],
      ],
    ]);
    expect(image.user).toBe("node");
    expect(image.env["NODE_ENV"]).toBe("production");
  });

  test("copies the manifest of every workspace before it installs: npm ci fails without one", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, unknown> };
    const workspaces = Object.keys(packages).filter((path) => path !== "" && !path.includes("node_modules"));
    for (const path of workspaces)
      expect(read("Dockerfile")).toContain(`COPY ${path}/package.json ${path}/\n`);
  });
});

test("every host starts through scripts/start.sh", () => {
  const [service] = render.services;
  expect(image.command).toEqual(["bash", "scripts/start.sh"]);
  expect(service.startCommand).toBe("bash scripts/start.sh");
  expect(read("Procfile")).toBe("web: bash scripts/start.sh\n");
  expect(fly.build.dockerfile).toBe("Dockerfile");
});

test("every host names a database and says that this is production", () => {
  const [service] = render.services;
  const database = service.envVars.find(({ key }) => key === "DATABASE_URL")?.fromDatabase?.name;
  expect(render.databases.map(({ name }) => name)).toContain(database);
  expect(service.envVars).toContainEqual({ key: "NODE_ENV", value: "production" });
  expect(heroku.addons[0]?.plan).toMatch(/^heroku-postgresql:/);
  expect(heroku.env["NODE_ENV"]?.value).toBe("production");
  expect(fly.env["NODE_ENV"]).toBe("production");
  expect(fly.http_service.internal_port).toBe(Number(fly.env["PORT"]));
});

test("no host ends the server before it has had its 10 seconds", () => {
  expect(Number.parseInt(fly.kill_timeout, 10)).toBeGreaterThanOrEqual(10);
});

describe.skipIf(testServers.length === 0)("what they start", () => {
  test("serves from the image's files alone, by the image's command, and its health check says so", async () => {
    const folder = temporaryFolder();
    image.fill(folder, {
      context: root,
      stages: { build: root, dependencies: installedFor(temporaryFolder()) },
    });
    expect(existsSync(join(folder, "test"))).toBe(false);
    expect(existsSync(join(folder, "backend/test"))).toBe(false);
    await serves(folder, image.command, image.env, [
      "/healthz",
      "/readyz",
      render.services[0].healthCheckPath,
      ...fly.http_service.checks.map(({ path }) => path),
    ]);
  });
});

/** Stands for the stage that installs, which needs a network: what is installed here, but the image's own packages. */
function installedFor(folder: string): string {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith("wellhead")) symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  symlinkSync("../packages/wellhead", join(modules, "wellhead"));
  mkdirSync(join(folder, "packages/wellhead"), { recursive: true });
  copyFileSync(join(root, "packages/wellhead/package.json"), join(folder, "packages/wellhead/package.json"));
  return folder;
}

async function serves(
  cwd: string,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  paths: readonly string[],
): Promise<void> {
  const { url: databaseUrl, close } = await createTestDatabase();
  onTestFinished(close);
  const { url, output, stop } = await startServer(command, {
    cwd,
    env: { ...env, PORT: "0", DATABASE_URL: databaseUrl },
  });
  expect(output()).toMatch(/^Upgrade target: heads\nDB INIT \| mode=EXTERNAL_POSTGRES \|/);
  for (const path of paths) expect((await fetch(url + path)).status, path).toBe(200);
  const [program, ...argv] = image.healthCheck;
  const health = (port: string): number | null =>
    spawnSync(program, argv, { env: { PATH: process.env["PATH"], PORT: port } }).status;
  expect(health(new URL(url).port)).toBe(0);
  expect(await stop()).toBe(0);
  expect(health(new URL(url).port)).toBe(1);
}
