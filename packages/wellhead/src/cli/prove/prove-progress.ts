import type { ProveEvent } from "../../prove/index.ts";
import { plural } from "../words.ts";

/** What goes on, in a line. */
export function proveEventText(event: ProveEvent): string {
  switch (event.kind) {
    case "base":
      return `running ${plural(event.revisions, "revision")} that all have`;
    case "pair":
      return `${event.heads.join(" and ")} (${event.index + 1} of ${event.total})`;
    case "group":
      return `${event.heads.join(", ")} in every order`;
    default:
      return event satisfies never;
  }
}
