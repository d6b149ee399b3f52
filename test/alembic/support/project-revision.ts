/** A revision as a test types it out; its files follow from it, in Python and in SQL alike. */
export interface ProjectRevision {
  readonly id: string;
  readonly down?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly labels?: readonly string[];
  readonly message?: string;
}

/** The table that a revision makes. */
function tableOf(id: string): string {
  return `of_${id}`;
}

/** One table a revision; it refers to the tables of what must be there first, so that no other order works. */
export function upgradeSql({ id, down = [], dependsOn = [] }: ProjectRevision, labels: Labels): string {
  const columns = [...down, ...dependsOn].map(
    (name, index) => `after_${index} int REFERENCES ${tableOf(labels.get(name) ?? name)}`,
  );
  return `CREATE TABLE ${tableOf(id)} (${["id int PRIMARY KEY", ...columns].join(", ")});`;
}

export function downgradeSql({ id }: ProjectRevision): string {
  return `DROP TABLE ${tableOf(id)};`;
}

/** The revision that declares each label. */
export type Labels = ReadonlyMap<string, string>;

export function labelsOf(revisions: readonly ProjectRevision[]): Labels {
  return new Map(revisions.flatMap(({ id, labels = [] }) => labels.map((label) => [label, id])));
}
