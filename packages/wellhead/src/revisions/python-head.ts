// Reads the head of one of Alembic's own revisions: four module variables, the docstring, and what comments say to us.

import { RevisionHeadError, RevisionHeadMissingError, type Place } from "./errors.ts";
import { lineOf } from "./lines.ts";
import { readPythonRemarks } from "./python/remarks.ts";
import { readPythonLiteral, type PythonLiteral } from "./python/literal.ts";
import { pythonStatements, type PythonStatement } from "./python/statements.ts";
import { UnterminatedPython, type PythonToken } from "./python/tokens.ts";
import type { RevisionHead } from "./revision-file.ts";

const variables = ["revision", "down_revision", "branch_labels", "depends_on"] as const;
type Variable = (typeof variables)[number];

/**
 * The head of a `.py` revision, read as text. Only assignments at the top level of the module count, the last one of
 * each variable; their values must be literals.
 *
 * @param path - as shown to people, for the errors
 * @throws RevisionHeadMissingError E_REVISION_HEAD_MISSING when it sets no `revision` (Alembic refuses such a file too)
 * @throws RevisionHeadError E_REVISION_HEAD for a value that is no literal, or not of the right kind
 */
export function readPythonHead(text: string, path: string): RevisionHead {
  const module = readModule(text, path);
  const revision = module.variables.get("revision");
  if (revision === undefined) throw missingRevision(path);
  if (!module.variables.has("down_revision")) throw missingDownRevision(revision);
  const list = (variable: Variable): readonly string[] => asList(module.variables.get(variable));
  const docstring = module.docstring.trim();
  const { allows, irreversible } = readPythonRemarks(text, docstring, path);
  return {
    revision: asRevisionId(revision),
    revises: list("down_revision"),
    dependsOn: list("depends_on"),
    labels: list("branch_labels"),
    message: docstring.split("\n\n", 1)[0] ?? "",
    created: /^Create Date:[ \t]*(\S.*?)[ \t]*$/mu.exec(docstring)?.[1],
    transaction: undefined,
    irreversible,
    allows,
    proved: undefined,
    docstring,
  };
}

/** An assignment to one of the variables, the last one of its variable. */
interface Assignment {
  readonly variable: Variable;
  readonly value: PythonLiteral;
  readonly place: Place;
  /** As it stands in the file. */
  readonly source: string;
  /** Where the value stands in the file, in UTF-16 units. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What a module says about the revision. */
export interface RevisionModuleText {
  readonly docstring: string;
  readonly variables: ReadonlyMap<Variable, Assignment>;
}

/** The docstring and the variables of a `.py` revision. */
export function readModule(text: string, path: string): RevisionModuleText {
  const found = new Map<Variable, Assignment>();
  let docstring: string | undefined;
  try {
    for (const statement of pythonStatements(text, lastCandidate(text))) {
      docstring ??= docstringOf(statement);
      const assignment = statement.isTopLevel ? readAssignment(statement.tokens, text, path) : undefined;
      if (assignment !== undefined) found.set(assignment.variable, assignment);
    }
  } catch (error) {
    throw error instanceof UnterminatedPython ? unterminated(error, text, path) : error;
  }
  return { docstring: docstring ?? "", variables: found };
}

/** Where the last line begins that can set one of the variables: below it nothing needs to be read. */
function lastCandidate(text: string): number {
  let last = 0;
  for (const match of text.matchAll(
    /(?:^|;)[ \t\f]*(?:revision|down_revision|branch_labels|depends_on)\b/gmu,
  )) {
    last = match.index + match[0].length;
  }
  return last;
}

/** The docstring is the first statement, when that is a string. */
function docstringOf({ tokens }: PythonStatement): string {
  const value = tokens.every(({ kind }) => kind === "string") ? readPythonLiteral(tokens) : undefined;
  return value?.kind === "text" ? value.text : "";
}

function readAssignment(tokens: readonly PythonToken[], text: string, path: string): Assignment | undefined {
  const [name, operator] = tokens;
  const variable = variables.find((variable) => name?.kind === "name" && variable === name.text);
  if (name === undefined || operator === undefined || variable === undefined) return undefined;
  const equals = tokens.findIndex(({ kind, text }) => kind === "operator" && text.endsWith("="));
  if (equals === -1) return undefined;
  const isPlain = tokens[equals]?.text === "=" && (equals === 1 || operator.text === ":");
  const value = isPlain ? readPythonLiteral(tokens.slice(equals + 1)) : undefined;
  const end = tokens.at(-1) ?? name;
  const source = text.slice(name.offset, end.offset + end.text.length);
  const place = { path, line: lineOf(text, name.offset) };
  if (value === undefined) throw notLiteral(variable, source, place);
  const valueStart = tokens[equals + 1]?.offset ?? end.offset;
  return { variable, value, place, source, valueStart, valueEnd: end.offset + end.text.length };
}

function asRevisionId({ value, source, place }: Assignment): string {
  if (value.kind !== "text") {
    throw new RevisionHeadError(place, source, `\`${source}\` is not the id of a revision.`, textHint);
  }
  if (value.text === "") {
    throw new RevisionHeadError(place, source, "The revision has an empty id.", textHint);
  }
  const characters = [...new Set(value.text.match(/[@+:-]/gu) ?? [])].map((character) => `\`${character}\``);
  if (characters.length === 0) return value.text;
  throw new RevisionHeadError(
    place,
    value.text,
    `\`${value.text}\` cannot be the id of a revision: it holds ${characters.join(" and ")}.`,
    "use letters, digits, `_` and `.`; Alembic refuses it too",
  );
}

const textHint = 'write `revision = "…"`, with the id that the file\'s name begins with';

function asList(assignment: Assignment | undefined): readonly string[] {
  if (assignment === undefined || assignment.value.kind === "none") return [];
  const { value, place, source, variable } = assignment;
  const entries = value.kind === "text" ? [value.text] : value.entries;
  if (!entries.includes("")) return entries;
  throw new RevisionHeadError(
    place,
    source,
    `\`${source}\` names an empty text.`,
    `write \`${variable} = None\` where there is none`,
  );
}

function missingRevision(path: string): RevisionHeadMissingError {
  const isScriptLocation = /(?:^|[/\\])env\.py$/u.test(path);
  return new RevisionHeadMissingError(
    { path, line: 1 },
    "The file sets no `revision` at its top level.",
    isScriptLocation
      ? "name the versions folder (`--dir alembic/versions`), not the one that holds env.py"
      : "Alembic takes every .py file of a versions folder for a revision: set `revision`, or move the file away",
  );
}

function missingDownRevision({ place, source }: Assignment): RevisionHeadError {
  return new RevisionHeadError(
    place,
    source,
    "The file sets no `down_revision` at its top level.",
    "Alembic needs it: `down_revision = None` for a base",
  );
}

function notLiteral(variable: Variable, source: string, place: Place): RevisionHeadError {
  return new RevisionHeadError(
    place,
    source,
    `The value of \`${variable}\` cannot be read without running the file: \`${source.replaceAll(/\s+/gu, " ")}\`.`,
    "write it as text, None, or a tuple or list of texts",
  );
}

function unterminated(error: UnterminatedPython, text: string, path: string): RevisionHeadError {
  return new RevisionHeadError(
    { path, line: lineOf(text, error.offset) },
    text.slice(error.offset).split(/[\n\r]/u, 1)[0] ?? "",
    `The ${error.what} that begins here never ends.`,
    "close it; Python refuses the file too",
  );
}
