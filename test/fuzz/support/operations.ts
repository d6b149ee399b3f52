/** A schema, as far as values are made of it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly format?: string;
}

/** One thing that the server can be asked for. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** The fields of its body by the body's type; none where it takes none. */
  readonly bodies: ReadonlyMap<string, Schema>;
}

export interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly requestBody?: { readonly content: Content } }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** The pages are for people, so the document does not name them. */
const PAGES: readonly Operation[] = [
  ...["/", "/account", "/docs", "/openapi.json", "/password-rules", "/assets/page.js", "/metrics"].map(
    (path) => ({
      method: "GET",
      path,
      bodies: new Map<string, Schema>(),
    }),
  ),
  form("/register", "full_name", "email", "password"),
  form("/sign-in", "email", "password"),
  form("/end-session", "session"),
  form("/sign-out"),
  form("/sign-out-everywhere"),
];

function form(path: string, ...fields: string[]): Operation {
  const properties = Object.fromEntries(fields.map((name) => [name, { type: "string" }]));
  return { method: "POST", path, bodies: new Map([["application/x-www-form-urlencoded", { properties }]]) };
}

/** Every operation of the document, and the pages' beside them. */
export function operationsOf(document: OpenApi): readonly Operation[] {
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      bodies: new Map(
        Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [
          type,
          resolved(schema, document),
        ]),
      ),
    })),
  );
  return [...described, ...PAGES];
}

function resolved(schema: Schema, document: OpenApi): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}
