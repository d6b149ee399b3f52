import { expect, test } from "vitest";
import { openDatabase, parseDatabaseUrl, upgrade } from "wellhead";
import { createTestDatabase, describeOnPostgres } from "../support/test-database.ts";
import { migrations, type Session } from "./databases.ts";
import { loadBaselineLine, stampByHand } from "./service-tables.ts";
import { describeUsers, readUsers, usersTable } from "./users-table.ts";

describeOnPostgres("a schema other than public", (server) => {
  test.each(["app", "app,public"])(
    "has its tables taken over where they are, with the search path %s",
    async (path) => {
      const place = await createTestDatabase(server);
      const inPlace = async <T>(url: string, work: (session: Session) => Promise<T>): Promise<T> => {
        const database = await openDatabase(parseDatabaseUrl({ DATABASE_URL: url }));
        try {
          return await database.withSession(work);
        } finally {
          await database.close();
        }
      };
      const url = `${place.url}?schema=${encodeURIComponent(path)}`;
      try {
        await inPlace(place.url, async (session) => await session.run("CREATE SCHEMA app"));
        const users = await inPlace(url, async (session) => {
          await loadBaselineLine(session, "4f6d2a1b7ac9");
          await stampByHand(session, ["4f6d2a1b7ac9"]);
          return await readUsers(session, '"user"');
        });

        await upgrade({ url, migrations });

        await inPlace(url, async (session) => {
          expect(await describeUsers(session)).toEqual(
            usersTable.map((line) => line.replace("public.", "app.")),
          );
          expect(await readUsers(session, "users")).toEqual(users);
          const inPublic = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace";
          expect(await session.query(inPublic)).toEqual([]);
        });
      } finally {
        await place.close();
      }
    },
  );
});
