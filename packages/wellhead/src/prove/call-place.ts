import { pathToFileURL } from "node:url";

/** The line of a `.ts` revision's own file that an error came through. Type stripping keeps lines where they were. */
export function callPlace(file: string, error: unknown): number | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const places = [pathToFileURL(file).href, file];
  const frame = stack.split("\n").find((each) => places.some((place) => each.includes(place)));
  const line = /:(\d+):\d+\)?$/u.exec(frame ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
