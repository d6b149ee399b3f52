import { hostileRequest, type HostileRequest } from "./hostile-request.ts";
import { judge } from "./judge.ts";
import { operationsOf, type OpenApi } from "./operations.ts";
import { seededRandom } from "../../durability/support/random.ts";
import { send } from "./send.ts";

export interface FuzzOptions {
  readonly port: number;
  readonly document: OpenApi;
  readonly requests: number;
  /** The same seed sends the same bytes. */
  readonly seed: number;
  /** How many connections at a time; default 8. */
  readonly connections?: number;
  readonly onProgress?: (sent: number) => void;
}

interface Finding {
  readonly what: string;
  readonly attack: string;
  /** The number of the request in its seed's row, to send it again. */
  readonly number: number;
  readonly sent: string;
  readonly reply: string;
}

export interface FuzzReport {
  readonly sent: number;
  /** How many answers of each status came back. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly attacks: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

const SHOWN = 600;

/** Sends random and hostile requests, and judges what comes back. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { port, document, requests, seed, connections = 8, onProgress } = options;
  const operations = operationsOf(document);
  const statuses = new Map<number, number>();
  const attacks = new Map<string, number>();
  const findings: Finding[] = [];
  let next = 0;
  let sent = 0;

  const work = async (): Promise<void> => {
    while (next < requests) {
      const number = next++;
      // Each request has a random of its own: its number is enough to make it again.
      const request = hostileRequest(operations, seededRandom(seed * 1_000_003 + number));
      const reply = await send(port, request);
      sent += Math.max(1, reply.statuses.length);
      count(attacks, request.attack);
      for (const status of reply.statuses) count(statuses, status);
      const what = judge(request, reply);
      if (what !== undefined) findings.push(finding(what, number, request, reply.text));
      if (number % 500 === 499) onProgress?.(number + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { sent, statuses, attacks, findings };
}

function finding(what: string, number: number, { attack, bytes }: HostileRequest, reply: string): Finding {
  return {
    what,
    attack,
    number,
    sent: bytes.subarray(0, SHOWN).toString("latin1"),
    reply: reply.slice(0, SHOWN),
  };
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
