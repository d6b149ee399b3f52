import { DatabaseUrlAmbiguousError, DatabaseUrlError } from "./errors.ts";
import { parseAuthorityHosts } from "./host.ts";
import { isKnownQuery } from "./parameters.ts";

/** The pieces of a URL after `scheme://`, as written, still percent-encoded. */
export interface UrlParts {
  /** What stands before the `@`, where there is one. */
  readonly userinfo: string | undefined;
  readonly hosts: string;
  /** Without the leading slash; undefined without a slash. */
  readonly path: string | undefined;
  readonly query: string | undefined;
}

/**
 * Splits the text after `scheme://`. The userinfo ends at the last `@` of the authority; where an `@` comes later, a
 * raw `/`, `?` or `#` may belong to the password: that reading is taken when it is the only one.
 *
 * @throws DatabaseUrlAmbiguousError `E_DB_URL_AMBIGUOUS` when both readings are possible
 */
export function splitUrl(text: string, variable: string): UrlParts {
  const byRules = splitByRules(text);
  refuseRepeatedUser(byRules.userinfo, variable);
  const passwordStart = text.indexOf(":");
  const delimiter = text.search(/[/?#]/);
  const couldBePassword =
    passwordStart >= 0 && passwordStart < delimiter && text.indexOf("@", delimiter) >= 0;
  if (!couldBePassword) return refuseFragment(byRules, variable);
  const isPossible = hasPossibleHosts(byRules, variable);
  if (isPossible && isExplained(byRules)) return refuseFragment(byRules, variable);
  if (isPossible) throw ambiguous(variable);
  return splitAtLateAt(text, delimiter, variable);
}

/** As RFC 3986 says, but for the fragment, which stays where it is written. */
function splitByRules(text: string): UrlParts {
  const [authority = ""] = text.split(/[/?#]/, 1);
  const at = authority.lastIndexOf("@");
  return {
    userinfo: at < 0 ? undefined : authority.slice(0, at),
    hosts: authority.slice(at + 1),
    ...splitPath(text.slice(authority.length)),
  };
}

function splitPath(text: string): Pick<UrlParts, "path" | "query"> {
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  return {
    path: path === "" ? undefined : path.replace(/^\//, ""),
    query: mark < 0 ? undefined : text.slice(mark + 1),
  };
}

/** Takes the first late `@` behind which everything is explained; the last one at the latest. */
function splitAtLateAt(text: string, delimiter: number, variable: string): UrlParts {
  for (let at = text.indexOf("@", delimiter); ;) {
    const next = text.indexOf("@", at + 1);
    const tail = splitByRules(text.slice(at + 1));
    const isReading = tail.userinfo === undefined && hasPossibleHosts(tail, variable) && isExplained(tail);
    if (isReading || next < 0) return refuseFragment({ ...tail, userinfo: text.slice(0, at) }, variable);
    at = next;
  }
}

/** Whether an `@` after the hosts can only be in the value of a parameter: behind a path, in a query that is one. */
function isExplained({ path, query }: UrlParts): boolean {
  if (path?.includes("@")) return false;
  return query === undefined || !query.includes("@") || (path !== undefined && isKnownQuery(query));
}

function hasPossibleHosts({ hosts }: UrlParts, variable: string): boolean {
  try {
    parseAuthorityHosts(hosts, variable);
    return true;
  } catch (error) {
    if (error instanceof DatabaseUrlError) return false;
    throw error;
  }
}

/** MongoDB's `u:p@h1,u:p@h2` would make a password of all but the last host. */
function refuseRepeatedUser(userinfo: string | undefined, variable: string): void {
  const [first = "", ...rest] = (userinfo ?? "").split("@");
  const isRepeated = first !== "" && rest.some((piece) => piece.endsWith(`,${first}`));
  if (!isRepeated) return;
  throw new DatabaseUrlAmbiguousError(
    variable,
    `${variable} writes the user before more than one host, or its password holds a raw "@".`,
    `write the user and the password once, before the first host; a raw "@" in the password is %40`,
  );
}

function refuseFragment(parts: UrlParts, variable: string): UrlParts {
  if (!parts.path?.includes("#")) return parts;
  throw new DatabaseUrlAmbiguousError(
    variable,
    `The "#" in ${variable} can be read as part of the database name or as the beginning of a comment.`,
    `write %23 where it belongs to a name or a password, and remove what is a comment`,
  );
}

function ambiguous(variable: string): DatabaseUrlAmbiguousError {
  return new DatabaseUrlAmbiguousError(
    variable,
    `${variable} has two readings: a raw "/", "?", "#" or "@" stands where it can belong to the password or end the host.`,
    `percent-encode these characters in the password: "/" as %2F, "?" as %3F, "#" as %23, "@" as %40`,
  );
}
