/** What the thread of an embedded Postgres is started with. */
export interface WorkerStart {
  /** An archive of the data folder to begin with; without one it is an empty cluster. */
  readonly image: Uint8Array | undefined;
  /** Modules of PGlite's package, as `contribModules` names them. */
  readonly modules: readonly string[];
}

/** What is asked of it, one thing after the other. */
export type WorkerRequest =
  | { readonly kind: "exchange"; readonly messages: Uint8Array }
  | { readonly kind: "dump" };

/** What it answers: the first time when it has started, then once for each request. */
export type WorkerAnswer =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly reason: string };
