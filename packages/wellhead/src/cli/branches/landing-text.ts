import type { Output } from "../output.ts";
import { versionList } from "../words.ts";
import type { Landing, LandingHead, LandingMove } from "./landing.ts";

/** How branches can land, for people. */
export function landingLines(landing: Landing, style: Output["style"]): string[] {
  switch (landing.kind) {
    case "any":
      return [`${style("green", "order")}  they can land in any order, as they are`];
    case "none":
      return [`${style("red", "order")}  ${noOrderText(landing)}`];
    case "order":
      return [
        `${style("yellow", "order")}  ${landing.order.map(headText).join(", then ")}`,
        ...landing.moves.map((move) => `  ${moveText(move)}`),
        "  hint: --patch prints the patch that does it, `--patch FILE` writes it: `git apply` it on that branch",
      ];
  }
}

/** Why there is no order. */
export function noOrderText({ heads, error }: Extract<Landing, { kind: "none" }>): string {
  const names = heads.map(headText).join(" and ");
  if (error === undefined) return `there is none in which ${names} can land: one of them has to change`;
  const { path, line, code, message } = error;
  return `${names} runs in none: ${path}${line === undefined ? "" : `:${line}`}: ${message} (${code})`;
}

/** One move in a line. */
export function moveText({ revision, ref, path, from, to }: LandingMove): string {
  const where = ref === undefined ? "in the work tree" : `on ${ref}`;
  return `${where}: ${revision} has to revise ${versionList(to)} (now: ${versionList(from)}), ${path}`;
}

export function headText({ head, ref }: LandingHead): string {
  return ref === undefined ? head : `${head} (${ref})`;
}

/** The landing as `--json` prints it. */
export function landingDocument(landing: Landing): unknown {
  switch (landing.kind) {
    case "any":
      return { kind: "any", moves: [] };
    case "none":
      return { kind: "none", heads: landing.heads.map(headDocument), error: landing.error };
    case "order": {
      const { order, moves, patch } = landing;
      return {
        kind: "order",
        order: order.map(headDocument),
        moves: moves.map(({ ref = null, ...move }) => ({ ...move, ref })),
        patch,
      };
    }
  }
}

function headDocument({ head, ref = null }: { head: string; ref?: string | null | undefined }): unknown {
  return { head, ref };
}
