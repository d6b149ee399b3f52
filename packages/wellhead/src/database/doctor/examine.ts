import type { DoctorReport } from "./checkup.ts";
import type { ExamineOptions } from "./examine-options.ts";

/**
 * Looks at the way to a database layer by layer, from its address to the time a statement takes. It changes nothing,
 * makes one attempt at everything, and what needs a layer that failed is not run.
 */
export async function examineDatabase(options: ExamineOptions): Promise<DoctorReport> {
  // Loaded on demand: no other command needs it.
  const { examineLayers } = await import("./layers.ts");
  return await examineLayers(options);
}
