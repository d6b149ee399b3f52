import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { schemaChanges, stockChanges, type Change } from "./changes.ts";
import type { InstalledPeer } from "./install-peer.ts";
import { runProcess } from "./run-process.ts";
import { one, type ScratchServer } from "./scratch-server.ts";

/** What many processes at once did. */
export interface CrowdResult {
  /** How many of them ended with 0. */
  readonly succeeded: number;
  /** What the bench looks for in the database afterwards. */
  readonly found: unknown;
  /** The first words of the first that failed. */
  readonly complaint: string;
}

/** 40 tables are wanted. */
export async function crowdOnEmpty(
  server: ScratchServer,
  installed: InstalledPeer,
  size: number,
): Promise<CrowdResult> {
  const databaseUrl = await server.emptyDatabase("crowd");
  const tables = "SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]{2}$'";
  return await crowd(prepare(installed, "crowd-empty", schemaChanges()), installed, {
    databaseUrl,
    size,
    look: tables,
  });
}

/** The stock is 0, and five pending changes add one each: 5 is wanted. */
export async function crowdInUse(
  server: ScratchServer,
  installed: InstalledPeer,
  size: number,
): Promise<CrowdResult> {
  const databaseUrl = await server.emptyDatabase("crowd");
  const { applied, all } = stockChanges();
  const project = prepare(installed, "crowd-in-use", applied);
  await runProcess(installed.peer.command(installed.folder), { cwd: project, databaseUrl });
  prepare(installed, "crowd-in-use", all);
  return await crowd(project, installed, { databaseUrl, size, look: "SELECT qty FROM stock" });
}

function prepare({ peer, folder }: InstalledPeer, name: string, changes: readonly Change[]): string {
  const project = join(folder, name);
  mkdirSync(project, { recursive: true });
  peer.write(project, changes);
  return project;
}

async function crowd(
  cwd: string,
  { peer, folder }: InstalledPeer,
  { databaseUrl, size, look }: { readonly databaseUrl: string; readonly size: number; readonly look: string },
): Promise<CrowdResult> {
  const costs = await Promise.all(
    Array.from({ length: size }, async () => await runProcess(peer.command(folder), { cwd, databaseUrl })),
  );
  const failed = costs.find(({ exitCode }) => exitCode !== 0);
  return {
    succeeded: costs.filter(({ exitCode }) => exitCode === 0).length,
    found: await one(databaseUrl, look),
    complaint: failed === undefined ? "" : complaintIn(failed.stderr),
  };
}

/** The line that says most, for people. */
function complaintIn(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const line = lines.find((text) => /error/i.test(text) && !text.startsWith("at ")) ?? lines[0] ?? "";
  return line.replaceAll("|", "/").slice(0, 120);
}
