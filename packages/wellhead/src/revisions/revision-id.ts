/**
 * A new revision id: twelve hex digits, as Alembic makes them.
 *
 * @param randomBytes - at least six bytes of good randomness, such as `crypto.randomBytes(6)`
 * @throws RangeError for fewer
 */
export function generateRevisionId(randomBytes: Uint8Array): string {
  if (randomBytes.length < 6) throw new RangeError("a revision id is made of six random bytes");
  return [...randomBytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
