import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { downgradeSql, labelsOf, upgradeSql, type Labels, type ProjectRevision } from "./project-revision.ts";

/** What a project's alembic.ini says beside `script_location = alembic`. */
export type IniOptions = Readonly<Record<string, string>>;

/** Writes a Python project that Alembic runs as it stands; the database is the environment's `DATABASE_URL`. */
export function writePythonProject(
  folder: string,
  revisions: readonly ProjectRevision[],
  ini: IniOptions = {},
): void {
  const options = { script_location: "alembic", ...ini };
  const lines = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  write(join(folder, "alembic.ini"), ["[alembic]", ...lines, ""].join("\n"));
  write(join(folder, "alembic", "env.py"), environment);
  write(join(folder, "alembic", "script.py.mako"), template);
  mkdirSync(join(folder, "alembic", "versions"), { recursive: true });
  writePythonRevisions(join(folder, "alembic", "versions"), revisions);
}

/** Writes each revision in another of the ways that people write them; Alembic understands them all. */
export function writePythonRevisions(folder: string, revisions: readonly ProjectRevision[]): void {
  const labels = labelsOf(revisions);
  for (const [index, revision] of revisions.entries()) {
    const style = styles[index % styles.length] ?? plain;
    write(join(folder, `${revision.id}.py`), style(revision) + functions(revision, labels));
  }
}

/** The twins of the Python revisions: the same ids, the same tables, in the same load order. */
export function writeSqlRevisions(folder: string, revisions: readonly ProjectRevision[]): void {
  const labels = labelsOf(revisions);
  for (const revision of revisions) write(join(folder, `${revision.id}.sql`), sqlText(revision, labels));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const environment = `import os

from alembic import context
from sqlalchemy import create_engine, pool

url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg2://")

if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
`;

const template = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
from alembic import op
import sqlalchemy as sa

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}
branch_labels = \${repr(branch_labels)}
depends_on = \${repr(depends_on)}


def upgrade() -> None:
    \${upgrades if upgrades else "pass"}


def downgrade() -> None:
    \${downgrades if downgrades else "pass"}
`;

type Style = (revision: ProjectRevision) => string;

/** As Alembic's template writes it. */
const plain: Style = ({
  id,
  down = [],
  dependsOn = [],
  labels = [],
  message,
}) => `"""${message ?? `the ${id}`}

Revision ID: ${id}
Revises: ${down.join(", ")}
Create Date: 2026-01-02 03:04:05.000006

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '${id}'
down_revision = ${oneOrTuple(down)}
branch_labels = ${tuple(labels)}
depends_on = ${oneOrTuple(dependsOn)}
`;

/** As newer templates write it. */
const annotated: Style = ({
  id,
  down = [],
  dependsOn = [],
  labels = [],
  message,
}) => `"""${message ?? `the ${id}`}

Revision ID: ${id}
Revises: ${down.join(", ")}
Create Date: 2026-01-02 03:04:05.000006

Why: the words that follow belong to the docstring too.
"""
from typing import Sequence, Union

from alembic import op


revision: str = "${id}"
down_revision: Union[str, Sequence[str], None] = ${oneOrTuple(down)}
branch_labels: Union[str, Sequence[str], None] = ${tuple(labels)}
depends_on: Union[str, Sequence[str], None] = ${oneOrTuple(dependsOn)}
`;

/** By hand, with lists over several lines, comments and every kind of quotes. */
const byHand: Style = ({
  id,
  down = [],
  dependsOn = [],
  labels = [],
  message,
}) => `# revision = "not this one"
'''${message ?? `the ${id}`}
on a second line'''

from alembic import op

depends_on = [${dependsOn.map((name) => `\n    """${name}""",  # first this one`).join("")}
]
branch_labels = (${labels.map((label) => `'${label}', `).join("")})
down_revision = [
${down.map((parent) => `    r'${parent}',\n`).join("")}]
revision = (
    "${id.slice(0, 2)}"  # one text,
    '${id.slice(2)}'  # in two pieces
)
`;

const styles: readonly Style[] = [plain, annotated, byHand];

function functions(revision: ProjectRevision, labels: Labels): string {
  return `

def upgrade():
    op.execute("""${upgradeSql(revision, labels)}""")


def downgrade():
    op.execute("""${downgradeSql(revision)}""")
`;
}

function oneOrTuple(names: readonly string[]): string {
  return names.length === 1 ? `'${names[0]}'` : tuple(names);
}

function tuple(names: readonly string[]): string {
  return names.length === 0 ? "None" : `(${names.map((name) => `'${name}', `).join("")})`;
}

function sqlText(revision: ProjectRevision, labels: Labels): string {
  const { id, down = [], dependsOn = [], labels: own = [], message } = revision;
  const lines = [
    `revision: ${id}`,
    `revises: ${down.join(", ")}`,
    `message: ${message ?? `the ${id}`}`,
    ...(own.length > 0 ? [`labels: ${own.join(", ")}`] : []),
    ...(dependsOn.length > 0 ? [`depends on: ${dependsOn.join(", ")}`] : []),
  ];
  return [
    ...lines.map((line) => `-- ${line}`.trimEnd()),
    "",
    "-- upgrade",
    upgradeSql(revision, labels),
    "",
    "-- downgrade",
    downgradeSql(revision),
    "",
  ].join("\n");
}
