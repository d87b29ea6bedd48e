import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type ChannelId, isNewer, type MessageId, type RoleId, type UserId } from "../../../src/ids.ts";
import type { Message } from "../../../src/message.ts";
import { createRecentSpeakers } from "../../../src/pipeline/recent-speakers.ts";
import { CHANNEL, message } from "../../support/build.ts";

const [ANN, BOB, STAFF] = ["11", "12", "13"] as [UserId, UserId, UserId];
const STAFF_ROLE = "900" as RoleId;
const isStaff = (author: UserId, roles: readonly RoleId[]) => author === STAFF || roles.includes(STAFF_ROLE);
const NOW = Date.UTC(2026, 0, 1, 12);
const MINUTE_MS = 60_000;

let next = 100;
function open() {
  const speakers = createRecentSpeakers();
  const say = (author: UserId, fields: Partial<Message> = {}) => {
    const said: Message = {
      ...message(),
      ...{ id: `${next++}` as MessageId, author: { id: author, name: author, bot: false }, createdAtMs: NOW },
      ...fields,
    };
    speakers.note(said);
    return said.id;
  };
  const helped = (since: MessageId | null = null, atMs = NOW, member = ANN) =>
    speakers.staffWith(CHANNEL, member, atMs, since, isStaff);
  return { speakers, say, helped };
}
const to = (...users: readonly UserId[]) => ({ mentions: { ...message().mentions, users } });
const replyTo = (authorId: UserId) => ({ replyTo: { messageId: "1" as MessageId, channelId: CHANNEL, authorId } });

describe("staff is with a member", () => {
  test("for less than five minutes after they spoke to them, by mention or reply", () => {
    for (const how of [to(ANN), replyTo(ANN), { ...to(BOB), ...replyTo(ANN) }, { ...to(ANN), ...replyTo(BOB) }]) {
      const { say, helped } = open();
      expect(helped()).toBe(false);
      say(STAFF, how);
      expect([helped(), helped(null, NOW + 5 * MINUTE_MS - 1), helped(null, NOW + 5 * MINUTE_MS)]).toEqual([
        true,
        true,
        false,
      ]);
      // Nobody else is helped by it.
      expect(helped(null, NOW, "14" as UserId)).toBe(false);
    }
  });

  test("who holds the role too, and nobody without it", () => {
    const { say, helped } = open();
    say(BOB, to(ANN));
    expect(helped()).toBe(false);
    say(BOB, { ...to(ANN), member: { roles: [STAFF_ROLE] } as unknown as NonNullable<Message["member"]> });
    expect(helped()).toBe(true);
  });

  test("where they spoke to nobody by name, only after the member's own message", () => {
    const { say, helped } = open();
    const before = say(STAFF);
    const asked = say(ANN);
    expect([helped(), helped(asked)]).toEqual([false, false]);
    expect(helped(before)).toBe(false);
    say(STAFF);
    expect([helped(), helped(asked)]).toEqual([false, true]);
  });

  test("never where the member is staff and speaks to themselves", () => {
    const { say, helped } = open();
    const asked = say(STAFF, to(STAFF));
    say(STAFF, to(STAFF));
    expect(helped(asked, NOW, STAFF)).toBe(false);
  });
});

test("a member was answered where somebody else spoke to them since", () => {
  const { speakers, say } = open();
  const early = say(BOB, to(ANN));
  const asked = say(ANN, to(ANN));
  const answered = () => speakers.answeredAfter(CHANNEL, ANN, asked);
  expect(answered()).toBe(false);
  say(ANN, to(ANN));
  say(BOB);
  say(BOB, to(STAFF));
  expect(answered()).toBe(false);
  say(BOB, to(STAFF, ANN));
  expect([answered(), speakers.answeredAfter(CHANNEL, ANN, early)]).toEqual([true, true]);
  expect(speakers.answeredAfter("7" as ChannelId, ANN, asked)).toBe(false);
});

test("forty messages of a channel are known, and five thousand channels", () => {
  const { speakers, say, helped } = open();
  say(STAFF, to(ANN));
  for (let n = 0; n < 39; n++) say(BOB);
  expect(helped()).toBe(true);
  say(BOB);
  expect(helped()).toBe(false);
  say(STAFF, to(ANN));
  const known = (channel: number) => speakers.staffWith(`${channel}` as ChannelId, ANN, NOW, null, isStaff);
  for (let channel = 1; channel < 5_000; channel++) say(STAFF, { ...to(ANN), channelId: `${channel}` as ChannelId });
  expect([helped(), known(1)]).toEqual([true, true]);
  say(STAFF, { ...to(ANN), channelId: "5000" as ChannelId });
  expect([helped(), known(1), known(5_000)]).toEqual([false, true, true]);
  say(STAFF, { ...to(ANN), channelId: "1" as ChannelId });
  say(STAFF, { ...to(ANN), channelId: "5001" as ChannelId });
  expect([known(1), known(2)]).toEqual([true, false]);
});

test("what is told is what the last forty lines say, read one after the other", () => {
  const user = fc.constantFrom(ANN, BOB, STAFF);
  const base = 1_400_000_000_000_000_000n;
  const id = fc
    .oneof(
      fc.nat(20).map((n) => base + BigInt(n)),
      fc.nat(60_000).map((n) => base + BigInt(n)),
      fc.nat(20_000).map(BigInt),
      fc.constantFrom(99_999_999_999_999_999n, 100_000_000_000_000_000n, 999_999_999_999_999_999n),
    )
    .map((n) => String(n) as MessageId);
  const line = fc.record({ id, author: user, to: fc.array(user, { maxLength: 2 }), atMs: fc.nat(10 * MINUTE_MS) });
  const look = fc.record({ member: user, since: fc.option(id), nowMs: fc.nat(10 * MINUTE_MS) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.array(look, { minLength: 1, maxLength: 4 }), (lines, looks) => {
      const { speakers, say } = open();
      for (const { author, atMs, ...said } of lines) say(author, { ...to(...said.to), id: said.id, createdAtMs: atMs });
      const last = lines.slice(-40);
      for (const { member, since, nowMs } of looks) {
        const others = last.filter(({ author }) => author !== member);
        const helps = (one: (typeof lines)[number]) =>
          one.to.includes(member) ? nowMs - one.atMs < 5 * MINUTE_MS : since !== null && isNewer(one.id, since);
        const withStaff = others.some((one) => helps(one) && one.author === STAFF);
        expect(speakers.staffWith(CHANNEL, member, nowMs, since, isStaff)).toBe(withStaff);
        if (since === null) continue;
        const answered = others.some((one) => one.to.includes(member) && isNewer(one.id, since));
        expect(speakers.answeredAfter(CHANNEL, member, since)).toBe(answered);
      }
    }),
    { numRuns: 1_000 },
  );
});
