import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { padded, slug, writeEach } from "./migration-files.ts";
import type { Peer } from "./peer.ts";

const pythons = ["python3", "/usr/bin/python3"];

function pythonWithAlembic(): string | undefined {
  return pythons.find((python) => spawnSync(python, ["-c", "import alembic, psycopg2"]).status === 0);
}

export const alembic: Peer = {
  name: "alembic",
  packages: {},
  needs: {
    what: "python3-alembic and python3-psycopg2 of Debian",
    isHere: () => pythonWithAlembic() !== undefined,
  },
  write: (folder, changes) => {
    writeFileSync(join(folder, "alembic.ini"), "[alembic]\nscript_location = migrations\n");
    writeEach(join(folder, "migrations/versions"), changes, (change) => {
      const parent = change.number === 1 ? "None" : `"r${padded({ ...change, number: change.number - 1 })}"`;
      return {
        name: `r${padded(change)}_${slug(change)}.py`,
        text: `"""${change.name}"""
from alembic import op

revision = "r${padded(change)}"
down_revision = ${parent}


def upgrade():
    op.execute("""${change.sql}""")
`,
      };
    });
    writeFileSync(
      join(folder, "migrations/env.py"),
      `import os
from alembic import context
from sqlalchemy import create_engine

url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
with create_engine(url).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`,
    );
  },
  command: () => [pythonWithAlembic() ?? "python3", "-m", "alembic", "upgrade", "heads"],
};
