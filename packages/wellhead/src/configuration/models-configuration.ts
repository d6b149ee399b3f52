/** Where the wished-for schema comes from, in full. Paths are relative to the configuration file. */
export type ModelsConfiguration = ModelsSource & ModelsScope;

/** A Drizzle schema, SQL, or a command that prints SQL. */
type ModelsSource =
  /** Drizzle's schema modules; drizzle-orm and drizzle-kit are taken from the project. */
  | {
      readonly drizzle: string | readonly string[];
      /** The `casing` that Drizzle is given for columns without a name of their own. */
      readonly casing?: "snake_case" | "camelCase";
    }
  /** SQL files that make the whole schema in an empty database, or folders of them in the order of their names. */
  | { readonly sql: string | readonly string[] }
  /** A command that prints such SQL, run by the shell in the folder of the configuration file. */
  | { readonly command: string };

/** How far the models are responsible. */
interface ModelsScope {
  /** Tables that the models speak of: `public.*`, `users`, `shop.order_*`; default: all. Types, functions and the like go by their schema. */
  readonly include?: readonly string[];
  /** Tables that they do not speak of, although they are included. */
  readonly exclude?: readonly string[];
  /**
   * What the models can say. `tables`: tables, columns, keys, indexes, enums, views, policies, as an ORM does: functions, triggers,
   * grants and the like are never dropped because they are not there. `everything`: what they do not have is not wanted.
   * Default: `everything` for SQL files; `tables` for Drizzle and for a command, and besides the kinds that its SQL creates.
   */
  readonly declares?: "tables" | "everything";
}
