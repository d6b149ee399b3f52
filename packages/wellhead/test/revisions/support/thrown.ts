import { WellheadError } from "../../../src/wellhead-error.ts";

/** The WellheadError that a call throws; anything else fails the test. */
export function thrown(call: () => unknown): WellheadError {
  try {
    call();
  } catch (error) {
    if (error instanceof WellheadError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
