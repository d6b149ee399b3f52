/**
 * The statement without CONCURRENTLY, and as long as before, so that positions in it stay what they are.
 * `REINDEX (CONCURRENTLY)` gets blanks between its brackets, which Postgres does not take: there it becomes a false.
 */
export function withoutConcurrently(text: string): string {
  // Comments, quoted names and strings are passed over.
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|'(?:[^']|'')*'|\bconcurrently\b/giu;
  for (const { 0: word, index } of text.matchAll(token)) {
    if (word.toLowerCase() !== "concurrently") continue;
    const [before, after] = [text.slice(0, index), text.slice(index + word.length)];
    return /[(,]\s*$/.test(before) ? `${before}${word} false${after}` : `${before}${" ".repeat(12)}${after}`;
  }
  return text;
}
