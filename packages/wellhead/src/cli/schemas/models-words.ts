import type { SideWords } from "../../autogenerate/index.ts";

/** The revisions before, the models after. */
export const MODELS_WORDS: SideWords = {
  onlyBefore: "produced by the revisions, not declared",
  onlyAfter: "declared, not produced by any revision",
  before: "the revisions produce",
  after: "the models declare",
};
