import type { WellheadConfiguration } from "wellhead";

export default {
  migrations: "backend/migrations",
} satisfies WellheadConfiguration;
