/** How many characters of a message go into a file name, as in Alembic. */
export const defaultSlugLength = 40;

/**
 * The part of a revision's file name that is made of its message, by Alembic's rule: the runs of word characters (in
 * any script) joined by `_`, in lower case. One that is too long ends after its last whole word within the length,
 * with an `_` to show it.
 *
 * @example
 * slugOf("Add the user's e-mail"); // "add_the_user_s_e_mail"
 */
export function slugOf(message: string, length: number = defaultSlugLength): string {
  const slug = (message.match(/[\p{L}\p{N}_]+/gu) ?? []).join("_").toLowerCase();
  const letters = Array.from(slug);
  if (letters.length <= length) return slug;
  const cut = letters.slice(0, length).join("");
  const lastPiece = cut.lastIndexOf("_");
  return `${lastPiece === -1 ? cut : cut.slice(0, lastPiece)}_`;
}
