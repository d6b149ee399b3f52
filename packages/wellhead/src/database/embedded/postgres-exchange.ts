/** An embedded Postgres as its socket sees it: messages of the protocol in, answers out. */
export interface PostgresExchange {
  /** Makes sure that there is an instance that can be used. */
  start(): Promise<void>;
  /** Passes messages in, and gives what came out. */
  exchange(messages: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}
