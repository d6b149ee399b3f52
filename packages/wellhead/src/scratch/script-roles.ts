import { parsePostgres, SqlSyntaxError } from "../revisions/index.ts";

/** The roles of some scripts. They belong to a server, and outlive a database. */
export interface ScriptRoles {
  /** Whom something is granted, or who owns it, and whom no script creates: they are there when a revision runs. */
  readonly needed: readonly string[];
  /** Created by a script, or by a DO block in it. */
  readonly created: readonly string[];
}

/** The roles that these scripts name, and those that they create. */
export async function rolesOf(texts: Iterable<string>): Promise<ScriptRoles> {
  const named = new Set<string>();
  const created = new Set<string>();
  for (const text of texts) {
    if (!mayNameRoles.test(text)) continue;
    // A DO block can create one, and it would fail where there is one already.
    for (const [, name = ""] of text.matchAll(createsRole)) created.add(folded(name));
    const trees = JSON.stringify(await treesOf(text));
    for (const role of texted(trees, roleSpec)) named.add(role);
    for (const role of texted(trees, createRole)) created.add(role);
  }
  const needed = [...named].filter((role) => !created.has(role) && !role.startsWith("pg_"));
  return { needed, created: [...created] };
}

/** A name as Postgres reads it. */
function folded(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
}

const mayNameRoles = /\b(?:grant|revoke|owner\s+to|policy|role|user|authorization|default\s+privileges)\b/iu;
const createsRole = /\bcreate\s+(?:role|user|group)\s+([\w$]+|"[^"]+")/giu;
const roleSpec = /"rolename":("(?:[^"\\]|\\.)*")/gu;
const createRole = /"CreateRoleStmt":\{[^{}]*?"role":("(?:[^"\\]|\\.)*")/gu;

function texted(trees: string, pattern: RegExp): string[] {
  return [...trees.matchAll(pattern)].map(([, text = '""']) => JSON.parse(text) as string);
}

/** None of a text that is no SQL: Postgres will say what is wrong with it. */
async function treesOf(text: string): Promise<readonly unknown[]> {
  try {
    return (await parsePostgres(text)).map(({ tree }) => tree);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [];
    throw error;
  }
}
