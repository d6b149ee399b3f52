// The floor of a registration: nothing but its hash, as many at once as there are processors. Prints hashes a second.
import { availableParallelism } from "node:os";
import { createRequire } from "node:module";

// The library is the backend's.
const { hash } = createRequire(new URL("../../backend/package.json", import.meta.url))("@node-rs/argon2");
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

const seconds = Number(process.argv[2]);
let count = 0;
const end = performance.now() + seconds * 1000;
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() < end) {
      await hash("seven purple herons", ARGON2ID);
      count += 1;
    }
  }),
);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ perSecond: count / seconds, cpuMs: (user + system) / 1000 / count }));
