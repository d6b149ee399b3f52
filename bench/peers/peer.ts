import type { Change } from "../support/changes.ts";

/** A tool that brings a database to the newest migration of a folder. */
export interface Peer {
  readonly name: string;
  /** The npm packages it needs, with their versions; they are installed into a folder of its own. */
  readonly packages: Readonly<Record<string, string>>;
  /** What it needs that npm does not bring. Default: nothing. */
  readonly needs?: { readonly what: string; readonly isHere: () => boolean };
  /** Writes changes as its own migrations, again with more of them: what was written before stays as it is. */
  readonly write: (folder: string, changes: readonly Change[]) => void;
  /** The command that runs what is pending, called in the project, with DATABASE_URL in the environment. */
  readonly command: (installedIn: string) => readonly string[];
}
