import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeCertificate } from "../../../../test/support/certificates.ts";
import { canStartPostgres, startPostgres } from "../../../../test/support/test-database.ts";
import type { PostgresServer, PostgresServerOptions } from "../../../../test/support/postgres-server.ts";
import { openDatabase, PasswordError, TlsError, type TlsProblem } from "../../src/database/index.ts";
import { targetOf } from "./pg-target.ts";
import { failure } from "./session-contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const authority = makeCertificate({ name: "Test authority", isAuthority: true });
const good = makeCertificate({ name: "db", hosts: ["127.0.0.1", "localhost"], issuer: authority });
const elsewhere = makeCertificate({ name: "other", hosts: ["db.example.com"], issuer: authority });
const selfSigned = makeCertificate({ name: "db", hosts: ["127.0.0.1"] });
const expired = makeCertificate({
  name: "db",
  hosts: ["127.0.0.1"],
  issuer: authority,
  notBefore: new Date("2020-01-01"),
  notAfter: new Date("2020-02-01"),
});

/** Whether the session that this URL leads to is encrypted. */
async function isEncrypted(url: string, env: Record<string, string> = {}): Promise<boolean> {
  const database = await openDatabase(targetOf(url, env), { connectTimeoutMs: 0, env });
  try {
    const sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    const [row] = await database.withSession((session) => session.query<{ ssl: boolean }>(sql));
    return row?.ssl === true;
  } finally {
    await database.close();
  }
}

async function problemOf(url: string, env: Record<string, string> = {}): Promise<TlsProblem> {
  const error = await failure(openDatabase(targetOf(url, env), { connectTimeoutMs: 0, env }));
  expect(error).toBeInstanceOf(TlsError);
  const { code, hint, problem } = error as TlsError;
  expect(code).toBe("E_DB_CONNECT_TLS");
  expect(hint).not.toBe("");
  return problem;
}

function useServer(options: PostgresServerOptions): { url(query: string): string } {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(options);
  });
  afterAll(() => server?.stop());
  return { url: (query) => `${server.url()}?${query}` };
}

describe.skipIf(!canStartPostgres)("TLS", () => {
  const env = { DATABASE_CA_CERT: authority.certificate };

  describe("a server without it", () => {
    const server = useServer({});

    test("disable connects", async () => {
      expect(await isEncrypted(server.url("sslmode=disable"))).toBe(false);
    });

    test("prefer connects in the clear, because the server says that it has none", async () => {
      expect(await isEncrypted(server.url("sslmode=prefer"))).toBe(false);
    });

    test.each(["require", "verify-full"])("%s fails at once, and says so", async (mode) => {
      expect(await problemOf(server.url(`sslmode=${mode}`))).toBe("not-offered");
    });
  });

  describe("a server with a certificate of a private authority", () => {
    const server = useServer({ tls: good });

    test.each(["prefer", "require"])("%s encrypts and does not verify", async (mode) => {
      expect(await isEncrypted(server.url(`sslmode=${mode}`))).toBe(true);
    });

    test("disable stays plain, whatever PGSSLMODE says", async () => {
      process.env["PGSSLMODE"] = "require";
      try {
        expect(await isEncrypted(server.url("sslmode=disable"))).toBe(false);
      } finally {
        delete process.env["PGSSLMODE"];
      }
    });

    test("verify-full connects when it knows the authority", async () => {
      expect(await isEncrypted(server.url("sslmode=verify-full"), env)).toBe(true);
    });

    test("verify-full takes the authority from a file", async () => {
      const file = join(temporaryFolder(), "ca.pem");
      writeFileSync(file, authority.certificate);
      expect(await isEncrypted(server.url(`sslmode=verify-full&sslrootcert=${file}`))).toBe(true);
    });

    test("the authority may come as a variable with \\n for its line breaks", async () => {
      const oneLine = { DATABASE_CA_CERT: authority.certificate.trim().replaceAll("\n", "\\n") };
      expect(await isEncrypted(server.url("sslmode=verify-full"), oneLine)).toBe(true);
    });

    test("verify-full fails when it does not know the authority", async () => {
      expect(await problemOf(server.url("sslmode=verify-full"))).toBe("unknown-authority");
    });

    test("an authority of another name does not help", async () => {
      const other = makeCertificate({ name: "Other authority", isAuthority: true });
      const problem = await problemOf(server.url("sslmode=verify-ca"), {
        DATABASE_CA_CERT: other.certificate,
      });
      expect(problem).toBe("unknown-authority");
    });

    test("a file of the authority that is not there is named", async () => {
      const url = server.url("sslmode=verify-full&sslrootcert=/nowhere/ca.pem");
      expect(await problemOf(url)).toBe("unreadable-file");
      const error = await failure(openDatabase(targetOf(url), { connectTimeoutMs: 0 }));
      expect((error as Error).message).toContain("/nowhere/ca.pem");
    });
  });

  describe("a server with a certificate for another host", () => {
    const server = useServer({ tls: elsewhere });

    test("verify-full fails and names the hosts it is for", async () => {
      expect(await problemOf(server.url("sslmode=verify-full"), env)).toBe("host-mismatch");
      const open = openDatabase(targetOf(server.url("sslmode=verify-full"), env), {
        connectTimeoutMs: 0,
        env,
      });
      expect(((await failure(open)) as Error).message).toContain("db.example.com");
    });

    test("verify-ca trusts the authority alone", async () => {
      expect(await isEncrypted(server.url("sslmode=verify-ca"), env)).toBe(true);
    });
  });

  describe("a server that signed for itself", () => {
    const server = useServer({ tls: selfSigned });

    test("verify-full fails", async () => {
      expect(await problemOf(server.url("sslmode=verify-full"))).toBe("self-signed");
    });

    test("verify-full connects when that certificate is the authority", async () => {
      const own = { DATABASE_CA_CERT: selfSigned.certificate };
      expect(await isEncrypted(server.url("sslmode=verify-full"), own)).toBe(true);
    });
  });

  describe("a server whose certificate has expired", () => {
    const server = useServer({ tls: expired });

    test("verify-full fails and says so", async () => {
      expect(await problemOf(server.url("sslmode=verify-full"), env)).toBe("expired");
    });

    test("require does not look", async () => {
      expect(await isEncrypted(server.url("sslmode=require"))).toBe(true);
    });
  });

  describe("a server that takes nothing else, and wants a password", () => {
    const server = useServer({ tls: { ...good, required: true }, password: "s3cret" });

    test("disable is turned away, and told what to write", async () => {
      expect(await problemOf(server.url("sslmode=disable"))).toBe("required");
    });

    test("require connects", async () => {
      expect(await isEncrypted(server.url("sslmode=require"))).toBe(true);
    });

    test("channel binding is used where it is asked for", async () => {
      expect(await isEncrypted(server.url("sslmode=require&channel_binding=require"))).toBe(true);
    });

    test("a wrong password is a wrong password, not a TLS problem", async () => {
      const url = server.url("sslmode=require").replace("s3cret", "wr0ng");
      expect(await failure(openDatabase(targetOf(url), { connectTimeoutMs: 0 }))).toBeInstanceOf(
        PasswordError,
      );
    });
  });

  describe("a server that asks clients for a certificate", () => {
    const client = makeCertificate({ name: "client", issuer: authority });
    const server = useServer({ tls: { ...good, required: true, clientAuthority: authority.certificate } });

    test("lets in who shows one, with its key", async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "client.crt"), client.certificate);
      writeFileSync(join(folder, "client.key"), client.key, { mode: 0o600 });
      const files = `sslcert=${join(folder, "client.crt")}&sslkey=${join(folder, "client.key")}`;
      expect(await isEncrypted(server.url(`sslmode=require&${files}`))).toBe(true);
    });

    test("turns away who has none", async () => {
      const error = await failure(
        openDatabase(targetOf(server.url("sslmode=require")), { connectTimeoutMs: 0 }),
      );
      expect(error).toMatchObject({
        code: "E_DB_CONNECT_ROLE",
        message: expect.stringContaining("certificate"),
      });
    });
  });
});
