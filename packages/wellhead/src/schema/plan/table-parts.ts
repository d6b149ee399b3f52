/** A `CREATE TABLE` taken apart: what stands in its parentheses, and around them. */
export interface TableParts {
  /** Up to the parenthesis, without it. */
  readonly head: string;
  /** Columns and constraints, as they are written. */
  readonly parts: readonly string[];
  /** What comes after the parenthesis. */
  readonly tail: string;
}

/** Undefined for what is no `CREATE TABLE` with columns of its own, such as a partition. */
export function tableParts(sql: string): TableParts | undefined {
  const [head] =
    /^CREATE (?:UNLOGGED )?TABLE (?:"(?:[^"]|"")*"|[^"\s(.]+)(?:\.(?:"(?:[^"]|"")*"|[^"\s(.]+))? (?=\()/i.exec(
      sql,
    ) ?? [];
  if (head === undefined) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let from = head.length + 1;
  for (const { 0: sign, index } of sql.slice(from).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()[\],]/g)) {
    const at = head.length + 1 + index;
    if (sign === "(" || sign === "[") depth += 1;
    else if ((sign === ")" || sign === "]") && depth > 0) depth -= 1;
    else if ((sign === "," && depth === 0) || sign === ")") {
      parts.push(sql.slice(from, at).trim());
      from = at + 1;
      if (sign === ")") break;
    }
  }
  return { head, parts: parts.filter((part) => part !== ""), tail: sql.slice(from) };
}

/** The `CREATE TABLE` again, on one line. */
export function tableOf({ head, parts, tail }: TableParts): string {
  return `${head}(${parts.join(", ")})${tail}`;
}
