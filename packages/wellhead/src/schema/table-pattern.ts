/** A pattern for `schema.table` in which `*` stands for any text; without a dot it is a table of any schema. */
export function tablePattern(pattern: string): RegExp {
  const whole = pattern.includes(".") ? pattern : `*.${pattern}`;
  const source = whole.split("*").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s");
}
