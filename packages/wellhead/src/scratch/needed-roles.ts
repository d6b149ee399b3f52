import { parsePostgres, SqlSyntaxError } from "../revisions/index.ts";

/**
 * The roles that these scripts name and none of them creates, for the embedded Postgres to begin with: roles belong to a
 * server, and whom something is granted, or who owns it, is there when a revision runs.
 */
export async function neededRoles(texts: Iterable<string>): Promise<readonly string[]> {
  const named = new Set<string>();
  const created = new Set<string>();
  for (const text of texts) {
    if (!mayNameRoles.test(text)) continue;
    // A DO block can create one, and it would fail where there is one already.
    for (const [, name = ""] of text.matchAll(createsRole)) created.add(name.toLowerCase());
    const trees = JSON.stringify(await treesOf(text));
    for (const role of texted(trees, roleSpec)) named.add(role);
    for (const role of texted(trees, createRole)) created.add(role);
  }
  return [...named].filter((role) => !created.has(role.toLowerCase()) && !role.startsWith("pg_"));
}

const mayNameRoles = /\b(?:grant|revoke|owner\s+to|policy|role|user|authorization|default\s+privileges)\b/iu;
const createsRole = /\bcreate\s+(?:role|user|group)\s+"?([\w$-]+)/giu;
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
