import { html } from "hono/html";
import type { OpenApiDocument } from "../http/index.ts";
import type { Html } from "./page.ts";

/** The parts of an OpenAPI document that the page shows. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Schemas = Readonly<Record<string, Schema>>;

/** The OpenAPI document for people: each operation with its fields and its answers. */
export function docsPage(document: OpenApiDocument): Html {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) =>
      operationSection(`${method.toUpperCase()} ${path}`, operation, schemas),
    ),
  );
  return html`<main>
    <h1>${document.info.title}</h1>
    <p>${document.info.description} As data: <a href="openapi.json">openapi.json</a>.</p>
    ${operations}
  </main>`;
}

function operationSection(title: string, operation: Operation, schemas: Schemas): Html {
  const body = bodyOf(operation.requestBody?.content);
  return html`<section>
    <h2><code>${title}</code></h2>
    <p>${operation.summary}. ${operation.description}</p>
    ${body && fieldsTable("Field", resolve(body, schemas))}
    <table>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Meaning</th>
          <th scope="col">Body</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(operation.responses ?? {}).map(
          ([status, { description, content }]) =>
            html`<tr>
              <td>${status}</td>
              <td>${description}</td>
              <td>${shape(bodyOf(content), schemas)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section> `;
}

function fieldsTable(title: string, schema: Schema): Html {
  const fields = Object.entries(schema.properties ?? {});
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${title}</th>
        <th scope="col">Type</th>
        <th scope="col">Rule</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(
        ([name, field]) =>
          html`<tr>
            <td><code>${name}</code></td>
            <td>${typeName(field)}</td>
            <td>${rules(field, schema.required?.includes(name))}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function rules(field: Schema, isRequired = false): string {
  const { minLength, maxLength, description } = field;
  const parts = [
    isRequired ? "Required" : "Optional",
    ...(minLength === undefined ? [] : [`at least ${minLength}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
  return `${parts.join(", ")}. ${description ?? ""}`.trim();
}

/** The fields of a body in one line: `{ id, email }`. */
function shape(schema: Schema | undefined, schemas: Schemas): Html | string {
  if (schema === undefined) return "";
  const { items } = schema;
  const fields = Object.keys(resolve(items ?? schema, schemas).properties ?? {}).join(", ");
  return html`<code>${items === undefined ? `{ ${fields} }` : `[{ ${fields} }, …]`}</code>`;
}

function typeName(schema: Schema): string {
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : String(schema.type ?? "any");
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}

function bodyOf(content: Content | undefined): Schema | undefined {
  return content?.["application/json"]?.schema;
}

function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (schemas[name] ?? {});
}
