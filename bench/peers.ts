// The same 200 changes through Wellhead and through the tools that people would take instead: how long they take on an
// empty database and with nothing to do, what they weigh, and what 16 of them at once do to five data migrations.
//
//   node bench/peers.ts                       Wellhead and the floors
//   node bench/peers.ts --peers all           every tool that npm or Debian offers
//   node bench/peers.ts --peers knex,kysely --rounds 9 --write docs/performance.md
//
// Tools are installed into a folder of the system's temporary folder, which goes afterwards.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { peers, wellhead, type Peer } from "./peers/index.ts";
import { schemaChanges } from "./support/changes.ts";
import { crowdInUse, crowdOnEmpty } from "./support/crowd.ts";
import { floorsOn } from "./support/floors.ts";
import { installPeer, type InstalledPeer } from "./support/install-peer.ts";
import { describeMachine } from "./support/machine.ts";
import { crowdTable, speedTable, type CrowdRow } from "./support/report.ts";
import { startScratchServer, type ScratchServer } from "./support/scratch-server.ts";
import { measureSpeed } from "./support/speed.ts";
import { writeSection } from "./support/write-section.ts";

const { values } = parseArgs({
  options: {
    peers: { type: "string", default: "" },
    rounds: { type: "string", default: "9" },
    major: { type: "string", default: "18" },
    crowd: { type: "string", default: "16" },
    write: { type: "string" },
  },
});

const TITLE = "Beside its peers";

const root = mkdtempSync(join(tmpdir(), "wellhead-bench-peers-"));
try {
  const server = await startScratchServer(Number(values.major));
  try {
    const report = await compare(server);
    console.log(report);
    if (values.write !== undefined) writeSection(values.write, TITLE, report);
  } finally {
    await server.stop();
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function compare(server: ScratchServer): Promise<string> {
  const machine = describeMachine(server.version);
  const { installed, missing } = installAll(chosen(values.peers));
  const changes = schemaChanges();
  const floors = await floorsOn(server, root, changes);
  const speed = await measureSpeed(server, installed, floors, { changes, rounds: Number(values.rounds) });
  const crowds = await crowdAll(server, [...speed.tools.keys()]);
  const absent = [...missing, ...speed.failures];
  return [
    `Made by \`node bench/peers.ts ${process.argv.slice(2).join(" ")}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.`,
    "### 200 revisions",
    speedTable(speed),
    `### ${values.crowd} at once`,
    crowdTable(crowds, Number(values.crowd)),
    ...(absent.length === 0 ? [] : [`Not measured: ${absent.join("; ")}.`]),
  ].join("\n\n");
}

function chosen(names: string): readonly Peer[] {
  if (names === "all") return peers;
  const wanted = names.split(",").filter((name) => name !== "");
  const unknown = wanted.filter((name) => !peers.some((peer) => peer.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no ${unknown.join(", ")}; there are ${peers.map(({ name }) => name).join(", ")}.`,
    );
  return peers.filter((peer) => peer === wellhead || wanted.includes(peer.name));
}

function installAll(wanted: readonly Peer[]): {
  installed: readonly InstalledPeer[];
  missing: readonly string[];
} {
  const results = wanted.map((peer) => installPeer(peer, root));
  return {
    installed: results.filter((result) => typeof result !== "string"),
    missing: results.filter((result) => typeof result === "string"),
  };
}

async function crowdAll(
  server: ScratchServer,
  installed: readonly InstalledPeer[],
): Promise<readonly CrowdRow[]> {
  const rows: CrowdRow[] = [];
  for (const each of installed) {
    rows.push({
      name: each.peer.name,
      onEmpty: await crowdOnEmpty(server, each, Number(values.crowd)),
      inUse: await crowdInUse(server, each, Number(values.crowd)),
    });
  }
  return rows;
}
