/** Lines about the house itself in a server's mod-log. */
import { expect, test } from "bun:test";
import { createRecording } from "../../src/discord/recording.ts";
import type { Letter, Mailer } from "../../src/mail.ts";
import { createNoticeSender, createNotices } from "../../src/notices.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { newApplication, newGuild, shiftedClock } from "../contract/store/house.ts";
import { APPLICATION, BOT, CHANNEL } from "../support/build.ts";
import { openDatabase, quiet } from "../support/postgres.ts";

test("a line is planned once a key, sent once, and only where there is a mod-log", async () => {
  const database = await openDatabase();
  const clock = shiftedClock();
  const store = createSqlStore({ url: database.url, clock, logger: quiet });
  try {
    await store.migrate();
    const [withLog, without] = [newGuild(), newGuild()];
    for (const guild of [withLog, without]) await store.guilds.join(guild, newApplication(), "Lumen", null);
    const row = await store.guilds.get(withLog);
    if (row === null) throw new Error("no guild");
    const moderation = { ...row.settings.moderation, logChannel: CHANNEL };
    await store.guilds.change(withLog, { ...row.settings, moderation }, "test", "moderation.logChannel");

    const discord = createRecording(APPLICATION, BOT, clock);
    const letters: Letter[] = [];
    const mailer: Mailer = {
      from: "gatehouse@example.org",
      async post(letter) {
        letters.push(letter);
        return { posted: "yes", answer: "250 ok", refused: [] };
      },
    };
    const notices = createNotices({ store });
    for (let i = 0; i < 2; i++) await notices.mail("ada@example.org", "quota:a:80", { subject: "80 %", text: "<b>" });
    const senders = [0, 1].map(() => createNoticeSender({ store, clock, discord: () => discord, mailer }));
    for (const guild of [withLog, without, withLog])
      await notices.plan(guild, "quota:80", (said) => said.quota(80, 8, 10));
    await Promise.all(senders.map((sender) => sender.send(new AbortController().signal)));
    expect(discord.sent.map(({ channel, message }) => [channel, message.content])).toEqual([
      [CHANNEL, "The account has used 8 of its 10 messages this month, past 80 %. See Usage & plan in the dashboard."],
    ]);
    expect(letters.map(({ to, subject, html }) => [to, subject, html])).toEqual([
      [["ada@example.org"], "80 %", "<p>&lt;b&gt;</p>"],
    ]);
    expect(await store.outbox.backlog()).toEqual([]);
  } finally {
    await store.close();
    await database.drop();
  }
});
