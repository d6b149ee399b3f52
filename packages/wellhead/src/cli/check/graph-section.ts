import { MAX_REVISION_ID_LENGTH, RevisionIdTooLongError, type RevisionGraph } from "../../graph/index.ts";
import { plural } from "../words.ts";
import { findingOf, type CheckSection, type Finding } from "./check-section.ts";

/** The files load and make a graph that can be run; no database is needed. */
export const graphSection: CheckSection = {
  name: "graph",
  run: async ({ workspace, migrations, problems }) => {
    if (migrations === undefined) return { kind: "looked", findings: problems, summary: "it does not load" };
    const { graph } = migrations;
    const heads = graph.heads();
    const tooMany = workspace.configuration.singleHead === "required" ? tooManyHeads(heads) : [];
    return {
      kind: "looked",
      findings: [...problems, ...longIds(graph), ...tooMany],
      summary: `${plural(graph.size, "revision")}, ${plural(heads.length, "head")}${heads.length > 0 ? `: ${heads.join(", ")}` : ""}`,
    };
  },
};

function longIds(graph: RevisionGraph): Finding[] {
  return graph.revisions().flatMap(({ revision, path }) => {
    const { length } = [...revision];
    if (length <= MAX_REVISION_ID_LENGTH) return [];
    return findingOf(new RevisionIdTooLongError(revision, length, MAX_REVISION_ID_LENGTH), () => path);
  });
}

function tooManyHeads(heads: readonly string[]): Finding[] {
  if (heads.length < 2) return [];
  return [
    {
      code: "E_MULTIPLE_HEADS",
      message: `The configuration requires a single head, and there are ${heads.length}: ${heads.join(", ")}.`,
      hint: `join them with \`wellhead merge ${heads.join(" ")}\``,
    },
  ];
}
