/** The version of this package, as its manifest has it; the ledger records it. */
export const WELLHEAD_VERSION = "0.1.0";
