/**
 * Sends what the project's own modules print (a configuration, a `.ts` revision) to standard error, where standard
 * output holds one document and nothing else.
 *
 * @returns what ends it
 */
export function keepStdoutClean(): () => void {
  const { log, info, debug, error } = console;
  Object.assign(console, { log: error, info: error, debug: error });
  return () => void Object.assign(console, { log, info, debug });
}
