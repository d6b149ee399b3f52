export * from "./errors.ts";
export type * from "./plan.ts";
export { RevisionGraph } from "./revision-graph.ts";
export {
  checkNewRevisionId,
  checkRevisionId,
  MAX_REVISION_ID_LENGTH,
  type Revision,
  type RevisionId,
  type RevisionInput,
} from "./revision.ts";
export { nearestName } from "./nearest.ts";
export { WellheadError } from "../wellhead-error.ts";
