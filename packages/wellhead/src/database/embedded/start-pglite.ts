import type { Extensions, PGlite } from "@electric-sql/pglite";

import { EmbeddedFailedError } from "./errors.ts";
import { loadPGlite } from "./load-pglite.ts";

/** What an instance starts with. */
export interface StartPGliteOptions {
  /** As errors name it. */
  readonly shown: string;
  /** The folder with the data, or `memory://`. */
  readonly dataDir: string;
  /** An archive of a data folder to begin with. */
  readonly image?: Uint8Array<ArrayBuffer>;
  /** How much of the data Postgres keeps in its buffers, such as `16MB`; default: as the cluster is configured, 128 MB. */
  readonly sharedBuffers?: string;
  readonly extensions?: Extensions;
}

/** How many lines of Postgres' log are kept for a message. */
const KEPT_LINES = 20;

/**
 * Starts an instance.
 *
 * @throws {EmbeddedFailedError} `E_DB_EMBEDDED_FAILED`
 */
export async function startPGlite({
  shown,
  dataDir,
  image,
  sharedBuffers,
  extensions,
}: StartPGliteOptions): Promise<PGlite> {
  const { PGlite } = await loadPGlite();
  const said: string[] = [];
  try {
    return await PGlite.create(dataDir, {
      ...(image !== undefined && { loadDataDir: new Image(image) }),
      ...(sharedBuffers !== undefined && {
        startParams: [...PGlite.defaultStartParams, "-c", `shared_buffers=${sharedBuffers}`],
      }),
      ...(extensions !== undefined && { extensions }),
      // An acknowledged commit must be in the files.
      relaxedDurability: false,
      onStderr: (line) => {
        said.push(line);
        if (said.length > KEPT_LINES) said.shift();
        return false;
      },
    });
  } catch (error) {
    throw new EmbeddedFailedError(shown, lastWords(said, error));
  }
}

/** An archive as PGlite wants it, but in one place: a Blob copies what it is made of, and copies it again to give it out. */
class Image extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super([]);
    this.#bytes = bytes;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  }
}

/** What Postgres said before it gave up; PGlite's own error says little and shows 400 kB of its source. */
function lastWords(said: readonly string[], error: unknown): string {
  const fatal = said.findLast((line) => /FATAL|PANIC/.test(line)) ?? said.at(-1);
  return (fatal ?? (error instanceof Error ? error.message : String(error))).slice(0, 500);
}
