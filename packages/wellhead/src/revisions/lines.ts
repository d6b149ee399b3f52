/** The line of a position in a text, counted from 1. `\n`, `\r\n` and `\r` end a line. */
export function lineOf(text: string, offset: number): number {
  const before = text.slice(0, offset);
  return before.includes("\r") ? before.split(/\r\n|\n|\r/u).length : before.split("\n").length;
}
