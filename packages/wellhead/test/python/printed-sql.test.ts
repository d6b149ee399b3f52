import { expect, test } from "vitest";

import { printedSteps } from "../../src/python/printed-sql.ts";

test("each revision gets its statements, without the version table and the transaction", () => {
  const steps = printedSteps(
    `BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> a1

INFO  [alembic.runtime.migration] Running upgrade  -> a1, base
CREATE TABLE users (
    id SERIAL NOT NULL
);

INSERT INTO alembic_version (version_num) VALUES ('x') RETURNING alembic_version.version_num;

select 1; select 2;

INSERT INTO alembic_version (version_num) VALUES ('a1') RETURNING alembic_version.version_num;

COMMIT;

BEGIN;

-- Running upgrade a1 -> b1

COMMIT;

CREATE INDEX CONCURRENTLY ix ON users (email);

BEGIN;

UPDATE app.versions SET version_num='b1' WHERE app.versions.version_num = 'a1';

-- Running upgrade b1, c1 -> m1

DELETE FROM alembic_version WHERE alembic_version.version_num = 'b1';

UPDATE alembic_version SET version_num='m1' WHERE alembic_version.version_num = 'c1';

COMMIT;
`,
    "upgrade",
  );
  expect([...steps.keys()]).toEqual(["a1", "b1", "m1"]);
  expect(steps.get("a1")).toEqual({
    isOutside: false,
    text: `CREATE TABLE users (
    id SERIAL NOT NULL
);

INSERT INTO alembic_version (version_num) VALUES ('x') RETURNING alembic_version.version_num;

select 1; select 2;
`,
  });
  expect(steps.get("b1")).toEqual({
    isOutside: true,
    text: "CREATE INDEX CONCURRENTLY ix ON users (email);\n",
  });
  expect(steps.get("m1")).toEqual({ isOutside: false, text: "\n" });
});

test("a downgrade is named by the revision that it leaves", () => {
  const steps = printedSteps(
    `-- Running downgrade m1 -> b1, c1

INSERT INTO alembic_version (version_num) VALUES ('b1');

-- Running downgrade a1 -> 

DROP TABLE users;

DELETE FROM alembic_version WHERE alembic_version.version_num = 'a1';

DROP TABLE alembic_version;
`,
    "downgrade",
  );
  expect([...steps].map(([revision, { text }]) => [revision, text])).toEqual([
    ["m1", "\n"],
    ["a1", "DROP TABLE users;\n"],
  ]);
});
