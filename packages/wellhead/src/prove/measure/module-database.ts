import { callPlace } from "../call-place.ts";
import type { Row } from "../../database/index.ts";
import {
  refuseTransactionControl,
  splitStatements,
  type RevisionDatabase,
  type RevisionFile,
  type SqlStatement,
} from "../../revisions/index.ts";

/** A statement that a `.ts` revision runs. */
export interface ModuleStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly tree: SqlStatement["tree"];
  /** The line of the revision's file that ran it. */
  readonly line: number | undefined;
}

/** What a `.ts` revision gets in a scratch database: each of its statements goes through one function. */
export class ScratchModuleDatabase implements RevisionDatabase {
  readonly #file: RevisionFile;
  readonly #runStatement: (statement: ModuleStatement) => Promise<readonly Row[]>;

  constructor(file: RevisionFile, runStatement: (statement: ModuleStatement) => Promise<readonly Row[]>) {
    this.#file = file;
    this.#runStatement = runStatement;
  }

  async run(sql: string): Promise<void> {
    await this.#runAll(sql, [], new Error("called here"));
  }

  async query<R extends Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
    return (await this.#runAll(sql, parameters, new Error("called here"))) as readonly R[];
  }

  /** A scratch database has few rows: they are read at once, without a cursor. */
  async *batches<R extends Row>(
    sql: string,
    parameters: readonly unknown[],
    size: number,
  ): AsyncIterable<readonly R[]> {
    const rows = (await this.#runAll(sql, parameters, new Error("called here"))) as readonly R[];
    for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
  }

  async #runAll(sql: string, parameters: readonly unknown[], call: Error): Promise<readonly Row[]> {
    await refuseTransactionControl(sql, this.#file);
    const line = callPlace(this.#file.file, call);
    let rows: readonly Row[] = [];
    for (const { text, tree } of await splitStatements(sql, 1, this.#file.path)) {
      rows = await this.#runStatement({ sql: text, parameters, tree, line });
    }
    return rows;
  }
}
