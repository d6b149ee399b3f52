import { readFileSync } from "node:fs";

/** What `add` copies: texts by their path, and what they need. */
export interface Template {
  /** The version of this package that it came with. */
  readonly version: string;
  /** By name, the lowest version that it was tested with. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Where the build puts it; the path is the same from `src` and from the built command line. */
const shippedTemplate = new URL("../../../dist/templates/backend.json", import.meta.url);

export function readTemplate(): Template {
  return JSON.parse(readFileSync(shippedTemplate, "utf8")) as Template;
}
