import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DatabaseUrlError,
  parseDatabaseUrl,
  parseMigrationDatabaseUrl,
  type DatabaseTarget,
} from "wellhead/database-url";

// Letters that no message and no fragment below has in this order.
const SECRET = "Zq7Xw9Kv";
const USER = "Yj4Hb6Np";

const words = (text: string): readonly string[] => text.split(" ");

const FRAGMENTS = [
  ...words(
    "postgres:// postgresql:// jdbc:postgresql:// sqlite:/// pglite:// mysql:// postgresql+asyncpg://",
  ),
  ...words("localhost db.example.com 10.0.0.1 [::1] 5432 99999 app DATABASE_URL= psql CHANGEME"),
  ...words("sslmode= require verify-ca host= user= dbname= port= options= schema= sslrootcert=system"),
  ...words("${ %2F %00 %FF %C3%A9 \uD83D"),
  ...":@/?#&=,[]%+'\"\\<>} \n\0é".split(""),
  "😀",
];

const fragments = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(""));
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fragments,
);

/** Inside a password: any raw or encoded character, but no text that makes a URL of its own. */
const passwordNoise = fc
  .array(fc.constantFrom("%40", ...":@/?#&=%+ []é',;a1".split("")), { maxLength: 6 })
  .map((parts) => parts.join(""));

const surroundings = fc.constantFrom<readonly [string, string]>(
  ["", ""],
  ['"', '"'],
  ["DATABASE_URL='", "'"],
  ["psql '", "'"],
  [" ", "\n"],
  ['"', ""],
);

const tails = fc.oneof(
  fc.constantFrom(
    "db.example.com/app",
    "localhost:5432/app?sslmode=require",
    "db:x/app",
    "[::1",
    "h1,h2/app",
    "",
    "db/app?sslmode=on",
    "db?host=other",
  ),
  fragments,
);

const schemes = fc.constantFrom(
  ...words(
    "postgres:// postgresql+psycopg2:// jdbc:postgresql:// mysql:// pglite:// sqlite:// sqlite:/// postgres:",
  ),
  "",
);

const urlsWithSecret = fc
  .tuple(surroundings, schemes, passwordNoise, passwordNoise, tails)
  .map(
    ([[open, close], scheme, before, after, tail]) =>
      `${open}${scheme}${USER}:${before}${SECRET}${after}@${tail}${close}`,
  );

const keywordsWithSecret = fc
  .tuple(passwordNoise, passwordNoise, fragments)
  .map(
    ([before, after, rest]) =>
      `host=localhost user=${USER} password='${before.replaceAll("'", "\\'")}${SECRET}${after.replaceAll("'", "\\'")}' ${rest}`,
  );

describe("for any text", () => {
  test("nothing is thrown but the room's own error", () => {
    fc.assert(
      fc.property(anyText, (text) => void outcomeOf(text)),
      { numRuns: 5000 },
    );
  });

  test("an error does not repeat the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const outcome = outcomeOf(text);
        // Short texts, such as a bare scheme, occur in hints by themselves; a placeholder is repeated on purpose.
        if (
          !(outcome instanceof DatabaseUrlError) ||
          outcome.code === "E_DB_URL_PLACEHOLDER" ||
          text.trim().length < 16
        )
          return;
        expect(shownBy(outcome)).not.toContain(text.trim());
      }),
      { numRuns: 5000 },
    );
  });
});

describe("for any URL with a user and a password", () => {
  test.each([
    ["as a URL", urlsWithSecret],
    ["as keywords", keywordsWithSecret],
  ])("neither is in what is shown, %s", (_form, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = shownBy(outcomeOf(text));
        expect(shown).not.toContain(SECRET);
        expect(shown).not.toContain(USER);
      }),
      { numRuns: 10_000 },
    );
  });

  test("a password that is encoded as it should be comes back as it was", () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: "grapheme", minLength: 1 })
          .filter((text) => !text.includes("\0") && !text.startsWith("***") && text.isWellFormed()),
        (password) => {
          const target = parseDatabaseUrl({
            DATABASE_URL: `postgres://u:${encodeURIComponent(password)}@localhost/app`,
          });
          expect(target).toMatchObject({ user: "u", password, host: "localhost", database: "app" });
        },
      ),
    );
  });

  test("the same address gives the same target as a URL, as keywords and in libpq's environment", () => {
    const names = fc
      .string({ unit: "grapheme-ascii", minLength: 1 })
      .filter((text) => text.trim() === text && !/[${}<>[\]*%_]/.test(text) && !/:.*@/.test(text));
    fc.assert(
      fc.property(names, names, names, (user, password, database) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        const quoted = [user, password, database].map((text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`);
        const byUrl = outcomeOf(`postgres://${u}:${p}@db.example.com:5433/${d}`);
        const byKeywords = outcomeOf(
          `host=db.example.com port=5433 user=${quoted[0]} password=${quoted[1]} dbname=${quoted[2]}`,
        );
        const byEnvironment = outcomeOf(undefined, {
          PGHOST: "db.example.com",
          PGPORT: "5433",
          PGUSER: user,
          PGPASSWORD: password,
          PGDATABASE: database,
        });
        if (byUrl instanceof DatabaseUrlError) return;
        expect(byKeywords).toStrictEqual(byUrl);
        expect(byEnvironment).toStrictEqual(byUrl);
      }),
    );
  });
});

test("any environment of libpq's variables throws nothing but the room's own error", () => {
  const names = words(
    "PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE PGSSLROOTCERT PGOPTIONS PGCONNECT_TIMEOUT DATABASE_CA_CERT DIRECT_URL NODE_ENV",
  );
  const environments = fc.dictionary(fc.constantFrom(...names), anyText);
  fc.assert(fc.property(environments, (env) => void outcomeOf("postgres://u:p@db.example.com/app", env)));
  fc.assert(fc.property(environments, (env) => void outcomeOf(undefined, env)));
});

function outcomeOf(
  text: string | undefined,
  env: Record<string, string> = {},
): DatabaseTarget | DatabaseUrlError {
  try {
    const whole = { ...env, ...(text === undefined ? {} : { DATABASE_URL: text }) };
    parseMigrationDatabaseUrl(whole);
    return parseDatabaseUrl(whole);
  } catch (error) {
    if (error instanceof DatabaseUrlError) return error;
    throw error;
  }
}

/** All that a person or a log gets to see of an outcome. */
function shownBy(outcome: DatabaseTarget | DatabaseUrlError): string {
  if (!(outcome instanceof DatabaseUrlError)) return outcome.display;
  return `${outcome.message}\n${outcome.hint}\n${JSON.stringify(outcome)}\n${String(outcome.cause)}\n${outcome.stack}`;
}
