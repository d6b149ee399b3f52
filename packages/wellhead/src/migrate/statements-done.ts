/** How far a `transaction: none` revision has come, in words: `1 of its statements is done`. */
export function ofItsStatements(done: number): string {
  return `${done} of its statements ${done === 1 ? "is" : "are"} done`;
}
