import { spawnSync } from "node:child_process";

import { expect, test } from "vitest";

import {
  liveness,
  thisProcess,
  type ProcessIdentity,
  type ProcessPlace,
} from "../../../src/database/embedded/process-identity.ts";

const here: ProcessPlace = { host: "lab", bootId: "boot 1", pidNamespace: "pid:[1]", container: "c0ffee" };
const us: ProcessIdentity = { ...thisProcess(), ...here };
const ended = spawnSync(process.execPath, ["--version"]).pid;

test.each<[string, Partial<ProcessIdentity>, string]>([
  ["this process", {}, "alive"],
  ["a process that has ended", { pid: ended }, "dead"],
  ["an older process of the same number", { startedAt: "1" }, "dead"],
  ["a process of the same number, where no start is known", { startedAt: null }, "alive"],
  ["a process from before this machine was started again", { bootId: "boot 0" }, "dead"],
  ["a process on another machine", { host: "elsewhere", bootId: "boot 7" }, "unknown"],
  ["a process of this container before it was started again", { pidNamespace: "pid:[2]" }, "dead"],
  ["a process of another container", { pidNamespace: "pid:[2]", container: "decaf" }, "unknown"],
  ["a process in a name space without a container", { pidNamespace: "pid:[2]", container: null }, "unknown"],
])("%s", (_, change, expected) => {
  expect(liveness({ ...us, ...change }, here)).toBe(expected);
});

test("without boot ids the host's name tells the machine", () => {
  const place = { ...here, bootId: null, pidNamespace: null, container: null };
  expect(liveness({ ...us, ...place }, place)).toBe("alive");
  expect(liveness({ ...us, ...place, pid: ended }, place)).toBe("dead");
  expect(liveness({ ...us, ...place, host: "elsewhere" }, place)).toBe("unknown");
});

test.skipIf(process.platform !== "linux")("a killed process that nobody has waited for is dead", () => {
  // The script never yields, so Node cannot wait for the child between the two answers.
  const script = `
    import { spawn } from "node:child_process";
    import { liveness, thisProcess } from ${JSON.stringify(new URL("../../../src/database/embedded/process-identity.ts", import.meta.url).href)};
    const child = spawn("sleep", ["60"]);
    const identity = { ...thisProcess(), pid: child.pid, startedAt: null };
    const before = liveness(identity);
    process.kill(child.pid, "SIGKILL");
    const until = Date.now() + 2000;
    while (liveness(identity) === "alive" && Date.now() < until);
    console.log(before, liveness(identity));
  `;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(stdout).toBe("alive dead\n");
});
