import type { WellheadConfiguration } from "wellhead";

export default {
  migrations: "backend/migrations",
  // The older service's tables, which revisions make too, are none of the models' business.
  models: {
    drizzle: [
      "backend/users/table.ts",
      "backend/users/idempotency-table.ts",
      "backend/sessions/table.ts",
      "backend/limits/table.ts",
    ],
    include: ["users", "sessions", "rate_limits", "idempotency_keys"],
  },
} satisfies WellheadConfiguration;
