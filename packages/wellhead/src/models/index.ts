export { declareModels } from "./declare-models.ts";
export * from "./errors.ts";
export type { Models } from "./models.ts";
export { modelsScope } from "./models-scope.ts";
export { readModels } from "./read-models.ts";
