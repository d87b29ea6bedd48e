/** One suite for every store: the PostgreSQL of this machine, and the embedded one. */
import { afterAll, beforeAll, describe } from "bun:test";
import { createSqlStore } from "../../src/store/sql.ts";
import { memoryOutbox } from "../support/outbox-store.ts";
import { openDatabase, openEmbeddedDatabase, quiet } from "../support/postgres.ts";
import { conversationsSuite } from "./store/conversations.ts";
import { deskSuite } from "./store/desk.ts";
import { figuresSuite } from "./store/figures.ts";
import { type House, shiftedClock } from "./store/house.ts";
import { houseKeepingSuite } from "./store/house-keeping.ts";
import { knowledgeSuite } from "./store/knowledge.ts";
import { meaningsSuite } from "./store/meanings.ts";
import { moderationSuite } from "./store/moderation.ts";
import { outboxSuite } from "./store/outbox.ts";
import { privacySuite } from "./store/privacy.ts";
import { retentionSuite } from "./store/retention.ts";

const implementations = { "store/sql": openDatabase, "store/sql on store/embedded": openEmbeddedDatabase };

for (const [name, open] of Object.entries(implementations)) {
  describe(name, () => {
    let house: House | null = null;

    beforeAll(async () => {
      const database = await open();
      const time = shiftedClock();
      const store = createSqlStore({ url: database.url, clock: time, logger: quiet });
      const other = createSqlStore({ url: database.url, clock: time, logger: quiet });
      await Promise.all([store.migrate(), other.migrate()]);
      house = { database, time, store, other };
    }, 60_000);

    afterAll(async () => {
      await Promise.all([house?.store.close(), house?.other.close()]);
      await house?.database.drop();
    });

    const opened = (): House => {
      if (house === null) throw new Error("the house is not open yet");
      return house;
    };

    conversationsSuite(opened);
    knowledgeSuite(opened);
    meaningsSuite(opened);
    houseKeepingSuite(opened);
    moderationSuite(opened);
    deskSuite(opened);
    outboxSuite(() => {
      const { store, other, time } = opened();
      return { outbox: store.outbox, other: other.outbox, time };
    });
    figuresSuite(opened);
    retentionSuite(opened);
    privacySuite(opened);
  });
}

describe("the double of the tests", () => {
  const time = shiftedClock();
  const outbox = memoryOutbox(time);
  outboxSuite(() => ({ outbox, other: outbox, time }));
});
