import { drawDot, drawMermaid, drawText, graphDocument, type RevisionGraph } from "../../graph/index.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { flagOption, textOption } from "../command-options.ts";
import { versionsOf } from "../current-versions.ts";
import { UsageError } from "../errors.ts";
import { noteNoRevisions } from "../newcomer-notes.ts";
import { revisionDocument } from "../revision-document.ts";

const drawings = { text: drawText, mermaid: drawMermaid, dot: drawDot } as const;

export async function run(context: CommandContext): Promise<CommandOutcome> {
  const { options } = context;
  const format = textOption(options, "format") ?? "text";
  const place = await context.workspace();
  noteNoRevisions(context, place);
  const { graph } = place.migrations();
  const current = flagOption(options, "indicateCurrent") ? await versionsOf(place) : [];
  const { revisions, ...rest } = graphDocument(graph, { current });
  const json = { revisions: revisions.map(revisionDocument), ...rest };
  const lines = format === "json" ? [JSON.stringify(json, undefined, 2)] : draw(graph, format, current);
  return { lines, json };
}

function draw(graph: RevisionGraph, format: string, current: readonly string[]): string[] {
  if (!isDrawing(format))
    throw new UsageError(`"${format}" is no format of a drawing.`, "use text, mermaid, dot or json");
  const drawing = drawings[format](graph, { current }).trimEnd();
  return drawing === "" ? [] : drawing.split("\n");
}

function isDrawing(format: string): format is keyof typeof drawings {
  return Object.hasOwn(drawings, format);
}
