import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeCertificate } from "../../../../test/support/certificates.ts";
import { freePort, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import {
  canStartPostgres,
  createTestDatabase,
  describeOnPostgres,
  startPostgres,
} from "../../../../test/support/test-database.ts";
import {
  examineDatabase,
  openDatabase,
  type DoctorCheck,
  type DoctorReport,
} from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const PASSWORD = "s3cret-%-🔑";

/** What the doctor says of a URL; nothing of it may hold the password. */
async function examine(url: string, env: Record<string, string> = {}): Promise<DoctorReport> {
  const report = await examineDatabase({
    source: { name: "DATABASE_URL", target: () => targetOf(url, env) },
    baseFolder: "",
    env,
    inside: async () => undefined,
  });
  expect(JSON.stringify(report)).not.toContain("s3cret");
  return report;
}

function check({ checks }: DoctorReport, name: string): DoctorCheck {
  const found = checks.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is not among ${checks.map((each) => each.name).join()}`);
  return found;
}

/** The check that failed; all before it hold, and those that need it are not run. */
function failed(report: DoctorReport): DoctorCheck {
  const [first, ...others] = report.checks.filter(({ ok }) => !ok);
  expect(report.ok).toBe(false);
  expect(others).toEqual([]);
  expect(first?.hint).toBeTruthy();
  return first as DoctorCheck;
}

const UNTIL_SETTINGS = "url dns tcp tls login server pooler role read-only durability".split(" ");
const ALL = [...UNTIL_SETTINGS, "clock", "round trip"];

describeOnPostgres("a healthy server", (server) => {
  test("every layer holds, in order, each with its time", async () => {
    const scratch = await createTestDatabase(server);
    const report = await examine(scratch.url);
    await scratch.close();
    expect(report).toMatchObject({ ok: true, notRun: [] });
    expect(report.checks.map(({ name }) => name)).toEqual(ALL);
    for (const { durationMs } of report.checks) expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(check(report, "server").detail).toMatch(new RegExp(`^PostgreSQL ${server.major}`));
    expect(check(report, "login").detail).toContain(`in database "${scratch.name}"`);
    expect(check(report, "pooler").detail).toContain("none was seen");
    expect(check(report, "role").detail).toBe("primary");
    expect(Number(/is ([\d.]+) ms/.exec(check(report, "clock").detail)?.[1])).toBeLessThan(1000);
  });

  test("a database that is set read-only is told, with who set it", async () => {
    const scratch = await createTestDatabase(server);
    const admin = await openDatabase(targetOf(scratch.url));
    await admin.withSession((s) =>
      s.run(`ALTER DATABASE ${scratch.name} SET default_transaction_read_only = on`),
    );
    await admin.close();
    const check = failed(await examine(scratch.url));
    await scratch.close();
    expect(check).toMatchObject({
      name: "read-only",
      detail: expect.stringContaining("set by the database"),
    });
    expect(check.hint).toContain(`ALTER DATABASE ${scratch.name} RESET default_transaction_read_only`);
  });

  test("a role that is set read-only by the URL's own options is told", async () => {
    const options = encodeURIComponent("-c default_transaction_read_only=on");
    const check = failed(await examine(`${server.url}?options=${options}`));
    expect(check.name).toBe("read-only");
    expect(check.hint).toContain("URL's options");
  });
});

describe("the way to a server", () => {
  test("a URL that is none ends it, and its password is not shown", async () => {
    const report = await examine(`postgres://user:s3cret@host:port/db`);
    expect(failed(report).name).toBe("url");
    expect(report.notRun).toEqual(ALL.slice(1));
  });

  test("the warnings of the rules are the hint of the URL, and the route of migrations is named", async () => {
    const url = `postgres://user:s3cret@127.0.0.1:1/db?sslmode=disable&pgbouncer=true`;
    const report = await examine(url, { DIRECT_URL: "postgres://user:s3cret@127.0.0.1:2/db" });
    expect(check(report, "url").detail).toBe(
      "DATABASE_URL: 127.0.0.1:1/db?sslmode=disable; through a pooler in transaction mode; migrations take DIRECT_URL (127.0.0.1:2, direct)",
    );
    expect(check(await examine(url), "url").hint).toContain("Migrations would run through");
  });

  test("a name without an address is told at dns", async () => {
    const report = await examine("postgres://user:s3cret@no-such-host.invalid/db");
    expect(failed(report)).toMatchObject({ name: "dns", detail: "name not found: no-such-host.invalid" });
    expect(report.notRun).toEqual(ALL.slice(2));
  });

  test("a port where nobody listens is told at tcp", async () => {
    const port = await freePort();
    const report = await examine(`postgres://user:s3cret@127.0.0.1:${port}/db`);
    expect(failed(report)).toMatchObject({
      name: "tcp",
      detail: `connection refused by 127.0.0.1:${port}`,
    });
    expect(report.notRun).toEqual(ALL.slice(3));
  });

  test.each([
    ["hangs up", (end: () => void) => end(), "closed the connection"],
    ["says nothing", () => undefined, "timed out"],
  ])("a listener that %s is told at tls", async (_what, answer, reason) => {
    const listener = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => answer(() => socket.end()));
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    const report = await examine(
      `postgres://user:s3cret@127.0.0.1:${port}/db?sslmode=require&connect_timeout=2`,
    );
    listener.close();
    const check = failed(report);
    expect(check.name).toBe("tls");
    expect(check.detail).toContain(reason);
  });
});

describe.skipIf(!canStartPostgres)("a server of the test's own", () => {
  const authority = makeCertificate({ name: "Test authority", isAuthority: true });
  const certificate = makeCertificate({ name: "db", hosts: ["127.0.0.1", "localhost"], issuer: authority });
  let server: PostgresServer;
  let standby: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({
      tls: certificate,
      password: PASSWORD,
      settings: { fsync: "on", synchronous_commit: "on", full_page_writes: "on" },
    });
    standby = await startPostgres({ standby: true });
  });
  afterAll(async () => {
    await server?.stop();
    await standby?.stop();
  });

  test("a wrong password is told at login, and neither is shown", async () => {
    const url = server.url().replace(encodeURIComponent(PASSWORD), "wrong-s3cret");
    const report = await examine(`${url}?sslmode=require`);
    expect(failed(report)).toMatchObject({ name: "login" });
    expect(report.notRun).toEqual(ALL.slice(5));
  });

  test("TLS shows its version and cipher, and that nobody has verified the certificate", async () => {
    const { detail } = check(await examine(`${server.url()}?sslmode=require`), "tls");
    expect(detail).toMatch(/^TLSv1\.3, TLS_\w+; certificate not verified \(sslmode=require\)/);
    expect(detail).toMatch(/valid until \d{4}-\d{2}-\d{2}$/);
  });

  test("verify-full with the authority is verified, and without it the certificate is refused", async () => {
    const url = server.url().replace("127.0.0.1", "localhost");
    const env = { DATABASE_CA_CERT: authority.certificate };
    const report = await examine(`${url}?sslmode=verify-full`, env);
    expect(report.ok).toBe(true);
    expect(check(report, "tls").detail).toContain("certificate verified");
    expect(failed(await examine(`${url}?sslmode=verify-full`))).toMatchObject({
      name: "tls",
      hint: expect.stringContaining("DATABASE_CA_CERT"),
    });
  });

  test("a server without TLS fails where it is demanded, and passes where it is only preferred", async () => {
    expect(failed(await examine(`${standby.url()}?sslmode=require`)).detail).toContain("offers none");
    expect(check(await examine(`${standby.url()}?sslmode=prefer`), "tls").detail).toContain("none");
  });

  test("a standby is told, and what a 201 means is told beside it", async () => {
    const report = await examine(standby.url());
    expect(failed(report)).toMatchObject({ name: "role", detail: "read-only standby" });
    expect(check(report, "durability").hint).toContain("fsync");
    expect(check(await examine(server.url()), "durability")).not.toHaveProperty("hint");
  });

  test("of several servers the first that answers is taken, and the silent one is named", async () => {
    const port = await freePort();
    const report = await examine(server.url().replace("@127.0.0.1:", `@127.0.0.1:${port},127.0.0.1:`));
    expect(report.ok).toBe(true);
    expect(check(report, "tcp").hint).toContain(`connection refused by 127.0.0.1:${port}`);
  });

  test("a unix socket has no name to look up and no TLS", async () => {
    const folder = encodeURIComponent(server.socketFolder);
    const report = await examine(`postgres://postgres@${folder}:${server.port}/postgres`);
    expect(report.ok).toBe(true);
    expect(check(report, "tls").detail).toContain("unix socket");
  });
});

describe("the embedded Postgres", () => {
  test("every layer holds", async () => {
    const report = await examine(`pglite://${temporaryFolder()}`);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual(["url", "folder", "open", "server", "durability"]);
    expect(check(report, "durability").detail).toContain("nothing is promised for a power cut");
  });

  test("one that is in use is told at its folder, with who has it", async () => {
    const folder = temporaryFolder();
    const database = await openDatabase(targetOf(`pglite://${folder}`));
    const report = await examine(`pglite://${folder}`);
    await database.close();
    expect(failed(report)).toMatchObject({ name: "folder", detail: expect.stringContaining("in use by") });
    expect(report.notRun).toEqual(["open", "server", "durability"]);
  });

  test("one that was never made is not made by the question", async () => {
    const report = await examine(`pglite://${join(temporaryFolder(), "later")}`);
    expect(report.ok).toBe(true);
    expect(report.notRun).toEqual(["open", "server", "durability"]);
  });
});
