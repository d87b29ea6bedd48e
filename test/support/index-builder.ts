/** A process that builds the indexes of the database in DATABASE_URL, for a test that ends it in the middle. */
import { systemClock } from "../../src/clock.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { quiet } from "./postgres.ts";

const store = createSqlStore({ url: Bun.env.DATABASE_URL ?? "", clock: systemClock, logger: quiet });
await store.buildIndexes(new AbortController().signal);
await store.close();
