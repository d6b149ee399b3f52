// Holds the rules of .dependency-cruiser.mjs against the sources, and fails when it was shown none: without a parser
// for TypeScript dependency-cruiser visits nothing and is content.
import { spawnSync } from "node:child_process";

const fewest = 40;
const { stdout, stderr, status, error } = spawnSync(
  "depcruise",
  ["--config", ".dependency-cruiser.mjs", "--output-type", "err", "packages/wellhead/src", "backend"],
  { encoding: "utf8" },
);
if (error !== undefined)
  throw new Error("depcruise does not start: call this by `npm run rooms`", { cause: error });
process.stdout.write(stdout);
process.stderr.write(stderr);
const visited = Number(/(\d+) modules/.exec(stdout)?.[1] ?? 0);
if (visited < fewest) console.error(`only ${visited} modules were visited; at least ${fewest} are expected`);
process.exitCode = status !== 0 || visited < fewest ? 1 : 0;
