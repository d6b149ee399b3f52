// The thread of an embedded Postgres in memory. PGlite blocks the thread that it runs in, for as long as a statement
// takes; here it blocks nobody's, and whoever waits can end it.

import { parentPort, workerData } from "node:worker_threads";

import type { Extension } from "@electric-sql/pglite";

import { emptyCluster } from "./cluster-image.ts";
import { EmbeddedPostgres } from "./embedded-postgres.ts";
import { startPGlite } from "./start-pglite.ts";
import type { WorkerAnswer, WorkerRequest, WorkerStart } from "./worker-messages.ts";

const { image, modules } = workerData as WorkerStart;
const port = parentPort ?? raise("this module is the start of a thread");

const postgres = new EmbeddedPostgres(async () => {
  return await startPGlite({
    shown: ":memory:",
    dataDir: "memory://",
    image: (image as Uint8Array<ArrayBuffer> | undefined) ?? (await emptyCluster()),
    // The files are in memory as well: more buffers would be another 112 MB to clear at the start.
    sharedBuffers: "16MB",
    extensions: Object.fromEntries(await Promise.all(modules.map(loadExtension))),
  });
});

port.on("message", (request: WorkerRequest) => void answer(async () => await workOf(request)));
await answer(async () => {
  await postgres.start();
  return new Uint8Array();
});

async function workOf(request: WorkerRequest): Promise<Uint8Array> {
  switch (request.kind) {
    case "exchange":
      return await postgres.exchange(Buffer.from(request.messages));
    case "dump":
      return new Uint8Array(await (await postgres.dump()).arrayBuffer());
    default:
      return request satisfies never;
  }
}

async function answer(work: () => Promise<Uint8Array>): Promise<void> {
  let said: WorkerAnswer;
  try {
    said = { kind: "bytes", bytes: await work() };
  } catch (error) {
    said = { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(said);
}

async function loadExtension(module: string): Promise<[string, Extension]> {
  const exported = (await import(`@electric-sql/pglite/contrib/${module}`)) as Record<string, Extension>;
  return [module, exported[module] ?? raise(`PGlite has no extension ${module}`)];
}

function raise(reason: string): never {
  throw new Error(reason);
}
