/** One thing that a schema is made of, as Postgres itself tells it. */
export interface SchemaObject {
  /** In words: `table`, `column`, `constraint`, `index`, `view`, `function`, `grant`, `comment`, … */
  readonly kind: string;
  /** Its full name within its kind, quoted where it needs it: `public.users.nickname`. A function's has its argument types. */
  readonly name: string;
  /** What it is: `text not null default 'x'::text`. Empty where the name says it all. */
  readonly definition: string;
  /** The schema that it is in, unquoted; absent for what is in none. */
  readonly schema?: string;
  /** The table, view or sequence that it is or hangs on, unquoted. */
  readonly table?: string;
  /** Where the definition is made from a query: which way of writing queries the server has. It changed with 16. */
  readonly queryStyle?: QueryStyle;
}

/** Postgres 16 stopped to write the table before a column where there is only one table. */
export type QueryStyle = "before 16" | "since 16";

/** All objects of a schema, each under `${kind} ${name}`, sorted. Two databases have one schema when their snapshots are equal. */
export type SchemaSnapshot = ReadonlyMap<string, SchemaObject>;
