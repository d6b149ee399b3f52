import { dateParts } from "./date-parts.ts";

/** What the tokens of a `file_template` stand for. */
export interface FileTemplateValues {
  readonly revision: string;
  readonly slug: string;
  readonly created: Date;
  readonly timezone: string;
}

/** Alembic's default. */
export const defaultFileTemplate = "%(rev)s_%(slug)s";

/**
 * The name of a new revision file, without its end, by Alembic's `file_template`: Python's `%` format with the tokens
 * rev, slug, epoch, year, month, day, hour, minute, second. It can hold folders.
 *
 * @throws RangeError naming a token that is unknown, or a time zone that is
 */
export function fillFileTemplate(template: string, values: FileTemplateValues): string {
  const { year, month, day, hour, minute, second } = dateParts(values.created, values.timezone);
  const tokens: Readonly<Record<string, string | number>> = {
    rev: values.revision,
    slug: values.slug,
    epoch: Math.floor(values.created.getTime() / 1000),
    year,
    month,
    day,
    hour,
    minute,
    second,
  };
  return template.replaceAll(
    /%(?:%|\((\w+)\)([-0 +]*)(\d*)(?:\.(\d+))?([a-z]))/giu,
    (all, name?: string, flags = "", width = "", precision = "") => {
      if (name === undefined) return "%";
      const value = tokens[name];
      if (value === undefined) throw new RangeError(`${all} is not a token of file_template`);
      return pad(value, { flags, width: Number(width), precision: Number(precision) });
    },
  );
}

interface Padding {
  readonly flags: string;
  readonly width: number;
  readonly precision: number;
}

function pad(value: string | number, { flags, width, precision }: Padding): string {
  const text = typeof value === "number" ? String(value).padStart(precision, "0") : value;
  if (flags.includes("-")) return text.padEnd(width);
  return text.padStart(width, flags.includes("0") && typeof value === "number" ? "0" : " ");
}
