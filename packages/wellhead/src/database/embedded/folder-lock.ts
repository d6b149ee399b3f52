import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { EmbeddedInUseError, type FolderHolder } from "./errors.ts";
import { liveness, thisCommand, thisProcess, type ProcessIdentity } from "./process-identity.ts";

/** The lock file's name; it lies in the data folder, so that every path to the folder leads to the same lock. */
const LOCK_FILE = "wellhead.lock";

/** A folder that this process may use alone, until `release`. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder for this process. Nothing else keeps two embedded databases from opening the same files, and then
 * each would overwrite what the other wrote.
 *
 * The lock is a chain of files, each created exclusively and never changed. The first is `wellhead.lock`; whoever
 * finds its owner dead does not delete it, which could hit a newer lock, but adds `wellhead.lock.<id>`, named after
 * the dead one's random id. Of many who try only one can create that file, and so on along the chain. The owner is
 * who created the last file. To release it takes the files away from the front: a claim behind a file that is gone
 * is void, which its claimant notices by walking the chain once more.
 *
 * @throws {EmbeddedInUseError} `E_DB_EMBEDDED_IN_USE` at once when a living process has it
 */
export function lockFolder(folder: string): FolderLock {
  const claim: Claim = {
    id: randomUUID(),
    ...thisProcess(),
    command: thisCommand(),
    since: new Date().toISOString(),
  };
  for (;;) {
    const last = readChain(folder).at(-1);
    if (last !== undefined) refuseUnlessDead(folder, last);
    const file = join(folder, last === undefined ? LOCK_FILE : successorOf(last.claim));
    if (!createExclusively(file, claim, folder)) continue;
    if (readChain(folder).at(-1)?.claim?.id === claim.id) return { release: () => release(folder, claim) };
    rmSync(file, { force: true });
  }
}

/**
 * Looks whether a process has the folder, and takes nothing.
 *
 * @throws {EmbeddedInUseError} `E_DB_EMBEDDED_IN_USE`
 */
export function assertFolderIsFree(folder: string): void {
  const last = readChain(folder).at(-1);
  if (last !== undefined) refuseUnlessDead(folder, last);
}

/** Whether a name in a data folder is one of the lock's. */
export function isLockFile(name: string): boolean {
  return name.startsWith(LOCK_FILE);
}

interface Claim extends ProcessIdentity, FolderHolder {
  readonly id: string;
}

interface Link {
  readonly file: string;
  /** Undefined when the file cannot be read as a claim. */
  readonly claim: Claim | undefined;
}

function readChain(folder: string): readonly Link[] {
  const chain: Link[] = [];
  let name = LOCK_FILE;
  for (;;) {
    const file = join(folder, name);
    const text = readIfThere(file);
    if (text === undefined) return chain;
    const claim = parseClaim(text);
    chain.push({ file, claim });
    if (claim === undefined) return chain;
    name = successorOf(claim);
  }
}

function successorOf(claim: Claim | undefined): string {
  return `${LOCK_FILE}.${claim?.id}`;
}

function refuseUnlessDead(folder: string, { file, claim }: Link): void {
  const state = claim === undefined ? "unknown" : liveness(claim);
  if (state !== "dead") throw new EmbeddedInUseError(folder, file, claim, state);
}

/** Creates the file with all of its text at once, unless there is one already. */
function createExclusively(file: string, claim: Claim, folder: string): boolean {
  const text = `${JSON.stringify(claim, undefined, 2)}\n`;
  const draft = join(folder, `${LOCK_FILE}-${claim.id}`);
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    return createDirectly(file, text);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links: a reader in the same instant may see a file that is still empty, and refuses. */
function createDirectly(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function release(folder: string, { id }: Claim): void {
  const chain = readChain(folder);
  if (chain.at(-1)?.claim?.id !== id) return;
  for (const { file } of chain) rmSync(file, { force: true });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseClaim(text: string): Claim | undefined {
  try {
    const claim = JSON.parse(text) as Partial<Claim> | null;
    return typeof claim?.id === "string" && typeof claim.pid === "number" ? (claim as Claim) : undefined;
  } catch {
    return undefined;
  }
}
