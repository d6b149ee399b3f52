/**
 * A form in which two texts are equal that differ only in case or in compatible characters. By way of upper case, for
 * the letters that have several small ones: ß and ss, ς and σ.
 */
export function foldCase(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
