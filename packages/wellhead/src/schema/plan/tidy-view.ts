/** How far Postgres moves a clause to the right of where its query begins. */
const moved: readonly (readonly [clause: RegExp, columns: number])[] = [
  [/^(?:SELECT|VALUES)\b/, 1],
  [/^(?:FROM)\b/, 3],
  [/^(?:WHERE|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH FIRST|FOR)\b/, 2],
  [/^(?:(?:LEFT|RIGHT|FULL) )?(?:CROSS )?JOIN\b/, 1],
];

/** What must stay as it is: a line of a text is no line of the query. */
const fixed = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

/**
 * A view as a person would write it: its query begins on a line of its own, and its clauses stand under each other.
 * Only blanks between words are other ones. Any other statement as it is.
 */
export function tidyView(sql: string): string {
  const [, head, query] =
    /^(CREATE (?:OR REPLACE )?(?:MATERIALIZED )?VIEW (?:[^"']|"(?:[^"]|"")*"|'(?:[^']|'')*')*? AS)\s+((?:SELECT|WITH|VALUES|TABLE|\()[\s\S]*)$/i.exec(
      sql,
    ) ?? [];
  if (head === undefined || query === undefined) return sql;
  // Outside of quotes Postgres writes nothing but ASCII, so that no such mark is there already.
  const kept: string[] = [];
  const masked = query.replaceAll(fixed, (piece) => `«${kept.push(piece) - 1}»`);
  const lines = masked.split("\n").map(tidyLine);
  const tidy = lines.join("\n").replaceAll("( SELECT", "(SELECT").trim();
  return `${head}\n${tidy.replaceAll(/«(\d+)»/g, (_, index) => kept[Number(index)] ?? "")}`;
}

function tidyLine(line: string): string {
  const text = line.trimStart();
  const blanks = line.length - text.length;
  const [, columns = 0] = moved.find(([clause]) => clause.test(text)) ?? [];
  return `${" ".repeat(Math.max(0, blanks - columns))}${text}`.trimEnd();
}
