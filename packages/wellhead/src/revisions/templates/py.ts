// The file that Alembic's own default template makes, so that Alembic and its users read it as theirs.
// See alembic/templates/generic/script.py.mako

import { dateParts } from "../date-parts.ts";
import type { RevisionText } from "./revision-text.ts";

/** A new `.py` revision that Alembic accepts. The bodies of the functions are Python. */
export function pyTemplate(revision: RevisionText): string {
  return `"""${docstringText(revision.message === "" ? "empty message" : revision.message)}

Revision ID: ${docstringText(revision.revision)}
Revises: ${docstringText(revision.revises.join(", "))}
Create Date: ${createDate(revision)}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = ${pythonString(revision.revision)}
down_revision: Union[str, Sequence[str], None] = ${oneOrTuple(revision.revises)}
branch_labels: Union[str, Sequence[str], None] = ${tuple(revision.labels)}
depends_on: Union[str, Sequence[str], None] = ${oneOrTuple(revision.dependsOn)}
${revision.proved === undefined ? "" : `# proved: ${revision.proved}\n`}

def upgrade() -> None:
    """Upgrade schema."""
${body(revision.upgrade)}


def downgrade() -> None:
    """Downgrade schema."""
${body(revision.downgrade)}
`;
}

/** A text as a Python literal, in the form of Python's `repr`. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** A text as it stands in a docstring. */
export function docstringText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
}

function createDate({ created, timezone }: RevisionText): string {
  const { year, month, day, hour, minute, second, offset } = dateParts(created, timezone);
  const two = (value: number): string => String(value).padStart(2, "0");
  const microseconds = `${String(created.getUTCMilliseconds()).padStart(3, "0")}000`;
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${microseconds}${offset}`;
}

/** The ids as Alembic writes them: None, one text, or a tuple of several. */
export function oneOrTuple(entries: readonly string[]): string {
  const [first] = entries;
  return first !== undefined && entries.length === 1 ? pythonString(first) : tuple(entries);
}

function tuple(entries: readonly string[]): string {
  if (entries.length === 0) return "None";
  const items = entries.map(pythonString).join(", ");
  return entries.length === 1 ? `(${items},)` : `(${items})`;
}

function body(python: string): string {
  const lines = python.trim() === "" ? ["pass"] : python.trim().split("\n");
  return lines.map((line) => (line === "" ? "" : `    ${line}`)).join("\n");
}
