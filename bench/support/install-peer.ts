import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Peer } from "../peers/index.ts";

/** A tool in its own folder, ready to run. */
export interface InstalledPeer {
  readonly peer: Peer;
  /** Its packages; the projects of the bench lie inside, so that they find them. */
  readonly folder: string;
  /** How many packages npm brought for it, and how much they weigh. */
  readonly packages: number;
  readonly megabytes: number;
}

/** Installs a tool into a folder below `root`; a sentence instead where that is not possible. */
export function installPeer(peer: Peer, root: string): InstalledPeer | string {
  if (peer.needs?.isHere() === false) return `${peer.name}: needs ${peer.needs.what}`;
  const folder = join(root, peer.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: peer.packages }));
  if (Object.keys(peer.packages).length > 0) {
    const npm = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (npm.status !== 0)
      return `${peer.name}: npm could not install it (${npm.stderr.trim().split("\n")[0]})`;
  }
  return { peer, folder, ...weigh(join(folder, "node_modules")) };
}

function weigh(modules: string): { packages: number; megabytes: number } {
  if (!existsSync(modules)) return { packages: 0, megabytes: 0 };
  const names = readdirSync(modules).filter((name) => !name.startsWith("."));
  const packages = names.flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(modules, name)) : [name],
  );
  const kilobytes = spawnSync("du", ["-sk", modules], { encoding: "utf8" }).stdout.split("\t")[0];
  return { packages: packages.length, megabytes: Number(kilobytes) / 1024 };
}
