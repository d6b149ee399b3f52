/** The keys of one section, in lower case, with those of `[DEFAULT]` below them; values are not interpolated yet. */
export type IniSection = ReadonlyMap<string, string>;

/**
 * A section of an ini file as Python's `configparser` reads it: `key = value` or `key: value`, comment lines that begin
 * with `#` or `;`, values that go on in indented lines.
 *
 * @returns undefined when there is no such section
 * @see https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function readIniSection(text: string, name: string): IniSection | undefined {
  const sections = readIni(text);
  const section = sections.get(name);
  return section === undefined ? undefined : new Map([...(sections.get("DEFAULT") ?? []), ...section]);
}

/**
 * Replaces `%(name)s` by the value of that key, and `%%` by `%`, as `configparser` does. A name that is no key stays as
 * it is: `file_template` is often written without doubling its `%`.
 */
export function interpolate(value: string, values: IniSection, depth = 0): string {
  return value.replaceAll(/%%|%\(([^)]+)\)s/gu, (all, name?: string) => {
    if (name === undefined) return "%";
    const found = values.get(name.toLowerCase());
    return found === undefined || depth >= 10 ? all : interpolate(found, values, depth + 1);
  });
}

function readIni(text: string): ReadonlyMap<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let option: { readonly key: string; readonly indent: number } | undefined;
  for (const line of text.split(/\r\n|\n|\r/u)) {
    const content = line.trim();
    const indent = line.length - line.trimStart().length;
    if (/^[#;]/u.test(content)) continue;
    if (content === "" || (option !== undefined && indent > option.indent)) {
      if (option !== undefined) section.set(option.key, `${section.get(option.key) ?? ""}\n${content}`);
      continue;
    }
    const [, header] = /^\[([^\]]+)\]/u.exec(content) ?? [];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string>();
      sections.set(header, section);
      option = undefined;
      continue;
    }
    const [, key = content, value = ""] = /^(.*?)\s*[=:]\s*(.*)$/u.exec(content) ?? [];
    option = { key: key.toLowerCase(), indent };
    section.set(option.key, value);
  }
  for (const entries of sections.values()) {
    for (const [key, value] of entries) entries.set(key, value.trim());
  }
  return sections;
}
