import type { PgTarget } from "../database-url/index.ts";

/**
 * How a session comes to the target's schema. Straight to a server it is a startup option, so that RESET ALL keeps
 * it. A pooler may refuse those: in session mode it is SET once; in transaction mode the server connection changes
 * under us, so it is SET LOCAL in each transaction.
 */
export type SearchPath =
  | { readonly kind: "default" }
  | { readonly kind: "startup"; readonly options: string }
  | { readonly kind: "session"; readonly statement: string }
  | { readonly kind: "transaction"; readonly statement: string };

/** The way for this target, with the options that its URL names. */
export function searchPathOf({ schema, poolMode, params }: PgTarget): SearchPath {
  const options = poolMode === "direct" ? params?.options : undefined;
  if (schema === null) return options === undefined ? { kind: "default" } : { kind: "startup", options };
  const path = searchPath(schema);
  switch (poolMode) {
    case "direct":
      // The server splits the options at blanks that have no backslash.
      return {
        kind: "startup",
        options: `${options ?? ""} -c search_path=${path.replaceAll(/[\\\s]/g, "\\$&")}`.trim(),
      };
    case "session":
      return { kind: "session", statement: `SET search_path TO ${path}` };
    case "transaction":
      return { kind: "transaction", statement: `SET LOCAL search_path TO ${path}` };
    default:
      return poolMode satisfies never;
  }
}

/** The statements of `Session.resetSettings`. RESET ALL leaves role and user as they are, and knows only what came with the startup. */
export function resetSettings(searchPath: SearchPath): string {
  const reset = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
  return "statement" in searchPath ? `${reset}; ${searchPath.statement}` : reset;
}

/** One schema is quoted where it needs it; a list is what the URL wrote, in Postgres' own syntax. */
function searchPath(schema: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(schema) || /[",]/.test(schema)) return schema;
  return `"${schema}"`;
}
