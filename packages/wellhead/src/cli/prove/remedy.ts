import type { PairProof, RevisionFailure } from "../../prove/index.ts";

/** SQLSTATEs of something that is there already. */
const DUPLICATES = ["42701", "42P07", "42710", "42P06", "42723", "42P04", "42712"];

/** What helps two heads that do not commute, as a hint says it. */
export function remedyFor({ verdict, heads, orders, onlyIds, failsAlone = [] }: PairProof): string {
  const working = orders.find(({ ok }) => ok);
  if (verdict === "order-dependent") {
    const rebase = `decide which comes first and write it down: \`${rebaseCommand([heads[0], heads[1]])}\` runs ${heads[0]} first, \`${rebaseCommand([heads[1], heads[0]])}\` runs ${heads[1]} first`;
    return onlyIds === true
      ? `where it does not matter which row gets which id: \`wellhead merge --accept ids ${heads.join(" ")}\`; else ${rebase}`
      : rebase;
  }
  if (working !== undefined) {
    return `the order that works is ${working.order.join(", then ")}: \`${rebaseCommand(working.order)}\``;
  }
  const failures = orders.flatMap(({ error }) => error ?? []);
  if (failsAlone.length > 0) {
    const places = [...new Set(failures.map(placeOf))].join(" and ");
    return `${failsAlone.join(" and ")} fails by itself, whatever the other does: correct ${places}; where it needs rows that your database has, name a file of them as \`seed\` in the configuration`;
  }
  return clashRemedy(failures, heads);
}

/** What helps three heads or more of which every two commute. */
export function groupRemedy(): string {
  return "put them in one line, in the order that is meant: `wellhead rebase REVISION --onto HEAD`";
}

/** Puts the line of the second, from where it left that of the first, onto the first. */
function rebaseCommand([first = "", second = ""]: readonly string[]): string {
  return `wellhead rebase ${second} --onto ${first}`;
}

function clashRemedy(errors: readonly RevisionFailure[], heads: readonly [string, string]): string {
  const [first, second] = errors;
  const places = [...new Set(errors.map(placeOf))].join(" or ");
  if (
    first !== undefined &&
    second !== undefined &&
    [first, second].every(({ code }) => DUPLICATES.includes(code))
  ) {
    return `both make the same: make the statement at ${places} conditional (IF NOT EXISTS), or take it out of one of the two`;
  }
  return `neither order works: change ${places}, then \`wellhead prove ${heads.join(" ")}\``;
}

function placeOf({ path, line }: RevisionFailure): string {
  return line === undefined ? path : `${path}:${line}`;
}
