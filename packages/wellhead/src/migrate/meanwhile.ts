/** Does work that keeps the thread busy one turn of the loop later, when what was asked of a server is on its way. */
export async function meanwhile<T>(work: () => T): Promise<T> {
  await new Promise((resolve) => setImmediate(resolve));
  return work();
}
