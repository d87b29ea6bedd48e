import { expect, test } from "bun:test";
import {
  type Author,
  type Exemption,
  type Facts,
  guard,
  type Hold,
  isAlarming,
} from "../../../src/moderation/guard.ts";
import { ACTIONS, type Action } from "../../../src/settings/form.ts";

const nobody: Author = {
  ...{ self: false, bot: false, webhook: false, owner: false, administrator: false, moderator: false },
  ...{ exemptRole: false, exemptChannel: false },
};
const standing = { present: true, belowBot: true, permitted: true };
const facts: Facts = {
  ...{ mode: "act", message: "1", author: nobody, confidenceMin: 0.7 },
  proposal: { message: "1", action: "ban", confidence: 0.9 },
};

test("what costs something is asked for in order, and only once it matters", () => {
  expect(guard({ ...facts, mode: "dry-run" })).toEqual({ do: "would", action: "ban" });
  expect(guard(facts)).toEqual({ need: "standing" });
  expect(guard({ ...facts, standing })).toEqual({ need: "cap" });
  expect(guard({ ...facts, standing, cap: "within" })).toEqual({ need: "key" });
  expect(guard({ ...facts, standing, cap: "within", key: "new" })).toEqual({ do: "act", action: "ban" });
  // A deletion is counted by nobody.
  expect(guard({ ...facts, proposal: { message: "1", action: "delete", confidence: 1 }, standing })).toEqual({
    need: "key",
  });
});

/** The guard's word on a member's message, where everything allows the act but what is named. */
function ruling(action: Action | "none", change: Partial<Facts> = {}) {
  const proposal = { message: "1", action, confidence: 1 };
  return guard({ ...facts, proposal, standing, cap: "within", key: "new", ...change });
}

test("nothing is done where moderation is off, and nothing where nothing was proposed", () => {
  for (const action of ACTIONS) expect(ruling(action, { mode: "off" })).toEqual({ do: "nothing" });
  expect(ruling("none")).toEqual({ do: "nothing" });
  // Off comes before everything: not even a proposal that is none is looked at.
  expect(guard({ ...facts, mode: "off", proposal: "ban them" })).toEqual({ do: "nothing" });
});

test("below the admin's confidence a person is asked, at it the act is done", () => {
  for (const action of ACTIONS) {
    const at = (confidence: number) => ruling(action, { proposal: { message: "1", action, confidence } });
    expect(at(0.69)).toEqual({ do: "ask-a-person", action });
    expect(at(0.7)).toEqual({ do: "act", action });
  }
});

/** What each act needs of the author's standing: a member who is there, below the bot, and the permission for it. */
const NEEDED: Readonly<Record<Action, { present: boolean; belowBot: boolean; permitted: boolean }>> = {
  delete: { present: false, belowBot: false, permitted: true },
  warn: { present: true, belowBot: false, permitted: false },
  timeout: { present: true, belowBot: true, permitted: true },
  kick: { present: true, belowBot: true, permitted: true },
  ban: { present: false, belowBot: true, permitted: true },
};
const LACKING: Readonly<Record<keyof typeof standing, Hold>> = {
  ...{ present: "target-gone", belowBot: "role-order", permitted: "missing-permission" },
};

for (const action of ACTIONS)
  for (const [lacking, why] of Object.entries(LACKING) as [keyof typeof standing, Hold][])
    test(`${action} where ${why} holds is ${NEEDED[action][lacking] ? "held back" : "done all the same"}`, () => {
      expect(ruling(action, { standing: { ...standing, [lacking]: false } })).toEqual(
        NEEDED[action][lacking] ? { do: "hold", why, action } : { do: "act", action },
      );
    });

test("over the cap whoever would lose their voice or place keeps it; nothing is done twice", () => {
  for (const action of ACTIONS) {
    const counted = action === "timeout" || action === "kick" || action === "ban";
    expect(ruling(action, { cap: "over" })).toEqual(
      counted ? { do: "hold", why: "cap", action } : { do: "act", action },
    );
    expect(ruling(action, { key: "used" })).toEqual({ do: "hold", why: "duplicate", action });
  }
});

test("an admin hears of what they can mend, and of nothing else", () => {
  const holds: Readonly<Record<Hold, boolean>> = {
    ...{ "role-order": true, "missing-permission": true, cap: true },
    ...{ "target-gone": false, duplicate: false, unseen: false },
  };
  for (const [why, alarming] of Object.entries(holds)) expect(isAlarming(why as Hold)).toBe(alarming);
});

test("a proposal of another shape, action or message is refused with the reason", () => {
  const refused = (proposal: unknown) => guard({ ...facts, proposal });
  for (const none of [null, "ban", 1, ["ban"]])
    expect(refused(none)).toEqual({ do: "reject", why: expect.any(String) });
  expect(refused(null)).toEqual({ do: "reject", why: "not an object" });
  expect(refused({ message: "1", action: "ban" })).toMatchObject({ why: "not the fields that were asked for" });
  expect(refused({ message: "1", action: "ban", confidence: 1, target: "2" })).toMatchObject({
    why: "not the fields that were asked for",
  });
  expect(refused({ message: "1", action: "banish", confidence: 1 })).toMatchObject({
    why: "an action that does not exist",
  });
  expect(refused({ message: "1", action: "ban", confidence: 2 })).toMatchObject({ why: "no confidence from 0 to 1" });
  expect(refused({ message: "2", action: "ban", confidence: 1 })).toMatchObject({ why: "about another message" });
  expect(refused({ message: "1", action: "ban", confidence: 0 })).toMatchObject({ do: "ask-a-person" });
});

/** Why each is exempt, as the case says it. */
const EXEMPT: Readonly<Record<keyof Author, Exemption>> = {
  ...{ self: "own-message", webhook: "webhook", bot: "bot", owner: "owner", administrator: "administrator" },
  ...{ moderator: "moderator", exemptRole: "exempt-role", exemptChannel: "exempt-channel" },
};

test("nobody who is exempt is acted on, whatever else holds, and the case says why", () => {
  for (const role of Object.keys(nobody) as (keyof Author)[]) {
    for (const action of ACTIONS) {
      expect(ruling(action, { author: { ...nobody, [role]: true } })).toEqual({
        ...{ do: "exempt", why: EXEMPT[role], action },
      });
    }
  }
});

test("a confidence that is no number from 0 to 1 is refused", () => {
  for (const confidence of [Number.NaN, 1.01, -0.1, "1", null, Number.POSITIVE_INFINITY])
    expect(guard({ ...facts, proposal: { message: "1", action: "warn", confidence } })).toMatchObject({ do: "reject" });
});
