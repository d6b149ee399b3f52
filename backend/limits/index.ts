export { networkOf } from "./network.ts";
export { createRateLimits, type Hit, type RateLimits } from "./rate-limits.ts";
