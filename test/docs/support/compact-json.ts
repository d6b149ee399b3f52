const WIDTH = 100;

/** A JSON text as people write it: what fits into a line stands in one. */
export function compactJson(text: string): string {
  return `${compact(JSON.parse(text), "")}\n`;
}

function compact(value: unknown, indent: string, before = 0): string {
  const line = oneLine(value);
  if (indent.length + before + line.length <= WIDTH || typeof value !== "object" || value === null)
    return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => deeper + compact(item, deeper)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return deeper + name + compact(item, deeper, name.length);
  });
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
