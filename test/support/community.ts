/** Moderated servers whose cases are kept in a PostgreSQL of the test file's own. */
import { afterAll, beforeAll } from "bun:test";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { shiftedClock } from "../contract/store/house.ts";
import { silentLogger } from "./doubles.ts";
import { openModerated } from "./moderated-guild.ts";
import { openDatabase, type TestDatabase } from "./postgres.ts";

type Community = Awaited<ReturnType<typeof openModerated>>;

/** Opened before the file's first test and dropped after its last. */
export function communities() {
  const clock = shiftedClock();
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openDatabase();
    store = createSqlStore({ url: database.url, clock, logger: silentLogger });
    await store.migrate();
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  return {
    clock,
    get store() {
      return store;
    },
    get database() {
      return database;
    },
    open: (options: Omit<Parameters<typeof openModerated>[0], "store" | "clock"> = {}) =>
      openModerated({ store, clock, ...options }),
  };
}

/** How much it changed in Discord or sent. */
export function changesOf(community: Community): number {
  return community.acts().length + community.recorded.sent.length;
}
