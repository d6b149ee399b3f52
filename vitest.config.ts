import { defineConfig } from "vitest/config";

// Tests read the packages' sources, not what was built: the export condition says so.
const conditions = ["wellhead-source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "backend/test/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/postgres-servers.ts", "test/support/cli-command.ts"],
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    // Most wait for a process or a server: one worker less than there are processors would leave them idle.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
