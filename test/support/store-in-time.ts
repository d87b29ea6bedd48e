/** A store on PostgreSQL whose time is that of a clock which a test moves: time stands still while a query runs. */
import type { Clock } from "../../src/clock.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { createClock, type ManualClock, settled } from "./doubles.ts";
import { openDatabase, quiet } from "./postgres.ts";

export type StoreInTime = {
  readonly store: Store;
  /** A new clock, which the store goes by from now on. */
  restart(): ManualClock;
  close(): Promise<void>;
};

export async function openStoreInTime(): Promise<StoreInTime> {
  const database = await openDatabase();
  let running = 0;
  let current = createClock();
  const rest = async () => {
    do await settled();
    while (running > 0);
  };
  const clock: Clock = {
    now: () => current.now(),
    after: (ms, run) => current.after(ms, run),
    sleep: (ms, signal) => current.sleep(ms, signal),
    chance: () => current.chance(),
    id: () => crypto.randomUUID().replaceAll("-", ""),
  };
  const sql = createSqlStore({ url: database.url, clock, logger: quiet });
  await sql.migrate();

  /** A room of the store whose calls are counted while they run. */
  const counted = <T extends object>(room: T): T =>
    new Proxy(room, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== "function") return method;
        return async (...given: unknown[]) => {
          running++;
          try {
            return await method.apply(target, given);
          } finally {
            running--;
          }
        };
      },
    });
  const { conversations, desk, escalations, guilds, outbox } = sql;
  const rooms = { conversations, desk, escalations, guilds, outbox };
  const store = Object.assign(
    { ...sql },
    Object.fromEntries(Object.entries(rooms).map(([name, room]) => [name, counted(room)])),
  );

  return {
    store,
    restart() {
      current = createClock(undefined, rest);
      return current;
    },
    async close() {
      await sql.close();
      await database.drop();
    },
  };
}
