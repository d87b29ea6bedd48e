/** Channels in the order in which it is likely that members ask there. */
import { expect, test } from "bun:test";
import { askedInFirst, isReadOnly } from "../../../src/status/asked-in.ts";

const text = (name: string) => ({ name, type: 0 });
const order = (channels: readonly { name: string; type: number }[]) => askedInFirst(channels).map(({ name }) => name);

test("help-like names come first, what is only read comes last, and each kind stays in its order", () => {
  const names = ["rules", "lounge", "sss-ve-sorular", "duyurular", "help-general", "market", "YARDIM"];
  expect(order(names.map(text))).toEqual([
    ...["sss-ve-sorular", "help-general", "YARDIM"],
    ...["lounge", "market"],
    ...["rules", "duyurular"],
  ]);
});

test("an announcement channel is only read whatever it is called, and so is a text channel called news", () => {
  const updates = { name: "support-updates", type: 5 };
  expect([updates, text("news"), text("support-updates")].map(isReadOnly)).toEqual([true, true, false]);
  expect(order([updates, text("lounge")])).toEqual(["lounge", "support-updates"]);
});
