/** What the `options` of a connection say. */
export interface SessionOptions {
  /** The `search_path` among them. */
  readonly searchPath: string | undefined;
  /** All others, as they were, joined by blanks; undefined when there are none. */
  readonly options: string | undefined;
}

/**
 * Takes the `search_path` out of command-line options for a session: `-c search_path=app`, `-csearch_path=app`,
 * `--search-path=app`. Blanks separate, a backslash takes the next character as it is; the last setting counts.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
 */
export function parseSessionOptions(text: string): SessionOptions {
  const words = text.match(/(?:[^\s\\]|\\.)+/gs) ?? [];
  const others: string[] = [];
  let searchPath: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const option = word === "-c" ? ["-c", words[(index += 1)] ?? ""] : [word];
    const path = searchPathIn(option);
    if (path === undefined) others.push(...option);
    else searchPath = path;
  }
  return { searchPath, options: others.length > 0 ? others.join(" ") : undefined };
}

function searchPathIn(option: readonly string[]): string | undefined {
  const [, value] = /^(?:-c ?|--)search[-_]path=(.*)$/is.exec(option.join(" ")) ?? [];
  return value?.replace(/\\(.)/gs, "$1");
}
