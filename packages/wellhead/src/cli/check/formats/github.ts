// Commands of GitHub's workflows: annotations on the lines of a pull request.
// See https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Note } from "../check-section.ts";
import type { CheckReport } from "../report.ts";

export interface AnnotationPlace {
  /** What the paths of the findings are relative to. */
  readonly cwd: string;
  /** The checkout, to which the paths of annotations are relative. */
  readonly root: string;
  /** Other branches: their files are named `ref:path`, from the top of the checkout. */
  readonly refs: readonly string[];
}

/** One annotation for each finding, and one for each note. */
export function annotations({ sections }: CheckReport, place: AnnotationPlace): string[] {
  return sections.flatMap(({ name, outcome }) => {
    if (outcome.kind === "skipped") return [];
    const { findings, notes = [] } = outcome;
    return [
      ...findings.map((finding) => {
        const { code, message, hint } = finding;
        const text = hint === "" ? message : `${message}\nhint: ${hint}`;
        return annotation("error", `wellhead ${name}: ${code}`, { ...finding, message: text }, place);
      }),
      ...notes.map((note) => annotation("notice", `wellhead ${name}`, note, place)),
    ];
  });
}

/** An annotation of something that has no place. */
export function errorAnnotation(title: string, message: string): string {
  return `::error title=${property(title)}::${data(message)}`;
}

/** Lines in which GitHub looks for no commands, such as a statement that begins with `::`. */
export function quietly(lines: readonly string[], token: string): string[] {
  return [`::stop-commands::${token}`, ...lines, `::${token}::`];
}

function annotation(
  kind: "error" | "notice",
  title: string,
  { message, path, line }: Note,
  place: AnnotationPlace,
): string {
  const file = path === undefined ? undefined : inCheckout(path, place);
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ];
  return `::${kind} ${properties.join(",")}::${data(message)}`;
}

/** The path as GitHub knows it; undefined for a file that is not in the checkout. */
function inCheckout(path: string, { cwd, root, refs }: AnnotationPlace): string | undefined {
  const ref = refs.find((each) => path.startsWith(`${each}:`));
  if (ref !== undefined) return path.slice(ref.length + 1).replace(/^\.\//, "");
  const below = relative(root, resolve(cwd, path));
  return below.startsWith("..") || isAbsolute(below) ? undefined : below.split(sep).join("/");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
