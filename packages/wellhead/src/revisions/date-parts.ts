/** A moment as a calendar and a clock in one time zone show it. */
export interface DateParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** As `+02:00`. */
  readonly offset: string;
}

/**
 * A moment in a time zone.
 *
 * @param timezone - a name of the IANA database, such as `UTC` or `Europe/Berlin`
 * @throws RangeError for a name that is none
 */
export function dateParts(date: Date, timezone: string): DateParts {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    timeZoneName: "longOffset",
  });
  const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  // "GMT" or "GMT+02:00"
  const offset = parts.get("timeZoneName")?.slice(3) ?? "";
  return {
    year: number("year"),
    month: number("month"),
    day: number("day"),
    hour: number("hour"),
    minute: number("minute"),
    second: number("second"),
    offset: offset === "" ? "+00:00" : offset,
  };
}
