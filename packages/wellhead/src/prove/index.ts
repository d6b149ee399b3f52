export { explainedStatements, type ExplainedStatement } from "./explain/explain.ts";
export type { TakenLock } from "./measure/effect.ts";
export { rehearsePending, type PendingRehearsal } from "./measure/rehearse-pending.ts";
export type { RehearsedRevision } from "./measure/rehearse.ts";
