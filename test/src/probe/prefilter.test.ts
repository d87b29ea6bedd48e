import { expect, test } from "bun:test";
import { prefilterProbe } from "../../../src/probe/prefilter.ts";
import { smartProbe } from "../../../src/probe/smart.ts";
import { probed } from "../../support/probe.ts";

test("the prefilter's probe judges each row for itself, in the agreed form", async () => {
  const probe = await prefilterProbe({ args: [] });
  const row = { id: 7, text: "FREE NITRO https://discord-nitro.ru/gift" };
  const first = await probe.handle(row);
  expect(first).toMatchObject({
    id: 7,
    moderation: "certain",
    signals: [{ name: "scam-domain", saw: "discord-nitro.ru" }, { name: "gift-lure" }, { name: "learned-scam" }],
  });
  for (let i = 0; i < 20; i++) expect(await probe.handle(row)).toEqual(first);
  await expect(probe.handle({ id: 1 })).rejects.toThrow();
});

test("the smart probe reads a log in order, system and bot lines too", async () => {
  const probe = await smartProbe({ args: [] });
  const rows = [
    { id: "1", channel: "#u", ts: "2005-01-01T10:00", author: "ada", text: "morning" },
    { id: "2", channel: "#u", ts: null, author: null, text: "=== newcomer has joined" },
    {
      id: "3",
      channel: "#u",
      ts: "2005-01-01T10:04",
      author: "newcomer",
      text: "how do i mount a usb disk? it says permission denied",
    },
    { id: "4", channel: "#u", ts: "2005-01-01T10:04", author: "HelpBot2", text: "mount is: a command" },
    { id: "5", channel: "#u", ts: "2005-01-01T10:05", author: "ada", text: "newcomer: sudo mount /dev/sda1 /mnt" },
  ];
  const answers: unknown[] = [];
  for (const row of rows) answers.push(await probe.handle(row));
  expect(answers).toMatchObject([
    { id: "1", decision: "silent" },
    { id: "2", decision: "silent", reason: "machine" },
    { id: "3", decision: "consider", reason: "request" },
    { id: "4", decision: "silent", reason: "machine" },
    { id: "5", decision: "silent", reason: "addressed-to-another" },
  ]);
});

test("times with and without a zone are the same moments", async () => {
  const rows = (zone: string) => [
    { id: 1, channel: "c", ts: `2026-01-01T10:00:00${zone}`, author: "ada", text: "is anybody here who knows docker" },
    { id: 2, channel: "c", ts: `2026-01-01T10:09:00${zone}`, author: "bob", text: "what do you need" },
    { id: 3, channel: "c", ts: `2026-01-01T10:09:30${zone}`, author: "ada", text: "how do i mount a volume" },
  ];
  const [plain, zoned, offset] = await Promise.all(["", "Z", "+00:00"].map((zone) => probed("smart", rows(zone))));
  expect(zoned).toEqual(plain ?? []);
  expect(offset).toEqual(plain ?? []);
});
