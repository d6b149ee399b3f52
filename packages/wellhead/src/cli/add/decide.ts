import type { Ask } from "../command.ts";
import { WouldOverwriteError } from "../errors.ts";
import type { FileChange } from "./file-changes.ts";
import { isConflict, isPlainUpdate } from "./file-status.ts";

/** What becomes of a file. */
export type FileAction =
  | "create"
  | "overwrite"
  | "delete"
  /** It stays as it is, and is told again next time. */
  | "leave"
  /** It stays as it is because a person has said so: what is upstream now counts as seen. */
  | "keep"
  /** There is nothing to do. */
  | "none";

export interface DecideOptions {
  /** Takes what changed upstream. */
  readonly yes: boolean;
  /** Overwrites what was edited here too. */
  readonly force: boolean;
  readonly ask: Ask | undefined;
  /** Shows what a file would become; called before each question. */
  readonly show: (change: FileChange) => void;
}

/**
 * Decides for each file, by the flags and by whoever is asked; undefined when that person leaves.
 *
 * @throws {WouldOverwriteError} `E_WOULD_OVERWRITE` where files would be changed, no flag agrees and nobody is there to ask
 */
export async function decide(
  changes: readonly FileChange[],
  options: DecideOptions,
): Promise<ReadonlyMap<FileChange, FileAction> | undefined> {
  const { ask, show } = options;
  const open = changes.filter((change) => actionByFlags(change, options) === undefined);
  if (open.length > 0 && ask === undefined) throw refusal(open);
  const actions = new Map<FileChange, FileAction>();
  let isAll = false;
  for (const change of changes) {
    const byFlags = actionByFlags(change, options);
    if (byFlags !== undefined) {
      actions.set(change, byFlags);
      continue;
    }
    if (!isAll) show(change);
    const answer = isAll ? "yes" : await askAbout(change, ask);
    if (answer === "quit") return undefined;
    if (answer === "all") isAll = true;
    actions.set(change, answer === "no" ? "keep" : doing(change));
  }
  return actions;
}

/** What is done without a question; undefined where one is due. */
export function actionByFlags(
  change: FileChange,
  { yes, force }: Pick<DecideOptions, "yes" | "force">,
): FileAction | undefined {
  const { status } = change;
  if (status === "new") return "create";
  if (status === "deleted-here") return force && change.upstream !== undefined ? "create" : "leave";
  if (isPlainUpdate(status)) return yes || force ? doing(change) : undefined;
  if (!isConflict(status)) return "none";
  if (force) return doing(change);
  // A file of somebody else's in the middle of the copy would leave neither whole.
  return yes && status !== "in-the-way" ? "leave" : undefined;
}

function doing({ upstream }: FileChange): FileAction {
  return upstream === undefined ? "delete" : "overwrite";
}

type Answer = "yes" | "no" | "all" | "quit";
const ANSWERS: readonly Answer[] = ["yes", "no", "all", "quit"];

async function askAbout({ path, status, upstream }: FileChange, ask: Ask | undefined): Promise<Answer> {
  const verb = upstream === undefined ? "Delete" : "Change";
  for (;;) {
    const text = await ask?.(
      `${verb} ${path} (${status.replaceAll("-", " ")})? [y]es, [n]o, [a]ll, [q]uit: `,
    );
    if (text === undefined) return "quit";
    const answer = ANSWERS.find((word) => text !== "" && word.startsWith(text.toLowerCase()));
    if (answer !== undefined) return answer;
  }
}

function refusal(open: readonly FileChange[]): WouldOverwriteError {
  const isForeign = open.some(({ status }) => status === "in-the-way");
  const isEdited = open.some(({ status }) => isConflict(status));
  const isConfiguration = open.every(({ status }) => status === "to-be-extended");
  const yes = isConfiguration
    ? "--yes agrees"
    : "--yes takes what changed upstream and leaves what was edited here";
  const ways = [
    "--dry-run shows the differences",
    isForeign ? "--dir names another folder" : yes,
    ...(isEdited ? ["--force overwrites what is here"] : []),
  ];
  return new WouldOverwriteError(
    open.map(({ path, status }) => ({ path, status })),
    ways.join("; "),
  );
}
