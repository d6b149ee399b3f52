/** The line of a position in a text, counted from 1. `\n`, `\r\n` and `\r` end a line. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/u).length;
}
