export * from "./errors.ts";
export * from "./load-errors.ts";
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
export { graphDocument, type GraphDocument, type GraphEdge } from "./drawing/document.ts";
export { drawDot } from "./drawing/dot.ts";
export { drawMermaid } from "./drawing/mermaid.ts";
export type { DrawingOptions } from "./drawing/options.ts";
export { drawText } from "./drawing/text.ts";
