/** For `bun run migration`: the difference between schema.ts and the newest snapshot becomes the next SQL file. */
import type { Config } from "drizzle-kit";

// drizzle-kit insists on a default export.
export default {
  dialect: "postgresql",
  schema: "./drizzle/schema.ts",
  out: "./drizzle/migrations",
} satisfies Config;
