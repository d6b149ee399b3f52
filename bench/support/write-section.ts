import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Puts a text into a page of documentation in place of the section of that name, or behind the others: each bench has
 * its own, and leaves those of others as they are.
 */
export function writeSection(file: string, title: string, text: string): void {
  const page = existsSync(file) ? readFileSync(file, "utf8") : "# Performance\n";
  const sections = page.trimEnd().split(/\n\n(?=## )/u);
  const section = `## ${title}\n\n${text.trim()}`;
  const at = sections.findIndex((each) => each.startsWith(`## ${title}\n`));
  if (at === -1) sections.push(section);
  else sections[at] = section;
  writeFileSync(file, `${sections.join("\n\n")}\n`);
}
