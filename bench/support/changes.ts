/** One change of a schema or of data, in a tool's own form one migration. */
export interface Change {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** 40 tables of six columns; to each a column, an index, a foreign key and five rows: 200 changes. */
export function schemaChanges(): readonly Change[] {
  return numbered(Array.from({ length: 40 }, (_, table) => tableChanges(table)).flat());
}

/** What 16 processes find on a database in use: a table with one row is there, and five data migrations are pending. */
export function stockChanges(): { readonly applied: readonly Change[]; readonly all: readonly Change[] } {
  const all = numbered([
    ["create stock", "CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL)"],
    ["fill stock", "INSERT INTO stock VALUES (1, 0)"],
    ...Array.from({ length: 5 }, (_, n) => [`delivery ${n}`, "UPDATE stock SET qty = qty + 1"] as const),
  ]);
  return { applied: all.slice(0, 2), all };
}

function tableChanges(table: number): readonly (readonly [name: string, sql: string])[] {
  const name = `t${String(table).padStart(2, "0")}`;
  const parent = `t${String(Math.max(table - 1, 0)).padStart(2, "0")}`;
  return [
    [
      `create ${name}`,
      `CREATE TABLE ${name} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  qty integer NOT NULL DEFAULT 0,
  price numeric(10, 2),
  created_at timestamptz NOT NULL DEFAULT now(),
  parent bigint
)`,
    ],
    [`add note to ${name}`, `ALTER TABLE ${name} ADD COLUMN note text`],
    [`index names of ${name}`, `CREATE INDEX ${name}_name ON ${name} (name)`],
    [
      `reference ${parent} from ${name}`,
      `ALTER TABLE ${name} ADD CONSTRAINT ${name}_parent FOREIGN KEY (parent) REFERENCES ${parent} (id)`,
    ],
    [
      `fill ${name}`,
      `INSERT INTO ${name} (name, qty) VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5)`,
    ],
  ];
}

function numbered(changes: readonly (readonly [name: string, sql: string])[]): readonly Change[] {
  return changes.map(([name, sql], index) => ({ number: index + 1, name, sql }));
}
