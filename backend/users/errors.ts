import { WellheadError } from "wellhead";

/** More registrations wait for their hash than may. */
export class HashQueueFullError extends WellheadError {
  readonly waiting: number;

  constructor(waiting: number) {
    super("E_HASH_QUEUE_FULL", `${waiting} passwords are waiting to be hashed; no more may.`, {
      hint: "run more instances, or raise HASH_QUEUE_LIMIT",
    });
    this.waiting = waiting;
  }
}
