import type { RevisionText } from "./revision-text.ts";

/** The head of a new `.sql` or `.ts` revision; the optional keys only where they say something. */
export function commentHead(revision: RevisionText, marker: "--" | "//"): string {
  const lines: readonly (readonly [key: string, value: string | undefined])[] = [
    ["revision", revision.revision],
    ["revises", revision.revises.join(", ")],
    ["message", revision.message],
    ["created", revision.created.toISOString().replace(".000Z", "Z")],
    ["labels", revision.labels.length > 0 ? revision.labels.join(", ") : undefined],
    ["depends on", revision.dependsOn.length > 0 ? revision.dependsOn.join(", ") : undefined],
    ["transaction", revision.transaction],
    ["irreversible", revision.irreversible],
    ["proved", revision.proved],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${marker} ${key}: ${value}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
