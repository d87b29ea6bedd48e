import { expect, test } from "bun:test";
import { type Author, type Facts, guard } from "../../../src/moderation/guard.ts";
import { ACTIONS } from "../../../src/settings/form.ts";

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

test("nobody who is exempt is acted on, whatever else holds", () => {
  for (const role of Object.keys(nobody) as (keyof Author)[]) {
    for (const action of ACTIONS) {
      const proposal = { message: "1", action, confidence: 1 };
      const ruling = guard({
        ...facts,
        proposal,
        author: { ...nobody, [role]: true },
        standing,
        cap: "within",
        key: "new",
      });
      expect(ruling).toMatchObject({ do: "exempt", action });
    }
  }
});

test("a confidence that is no number from 0 to 1 is refused", () => {
  for (const confidence of [Number.NaN, 1.01, -0.1, "1", null, Number.POSITIVE_INFINITY])
    expect(guard({ ...facts, proposal: { message: "1", action: "warn", confidence } })).toMatchObject({ do: "reject" });
});
