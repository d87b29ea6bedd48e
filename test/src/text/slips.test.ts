import { expect, test } from "bun:test";
import { slipsBetween, slipsIn } from "../../../src/text/slips.ts";

test("a letter added, missing, replaced, or two swapped is one slip", () => {
  for (const typed of ["firewall", "firewalll", "firewal", "firewoll", "fierwall"])
    expect([typed, slipsBetween(typed, "firewall", 2)]).toEqual([typed, typed === "firewall" ? 0 : 1]);
  expect(slipsBetween("fierwal", "firewall", 2)).toBe(2);
  expect(slipsBetween("pump", "firewall", 2)).toBe(3);
});

test("short words, codes and what no hand types have no slips", () => {
  expect(["nas", "port", "fierwall", "e1042", "x".repeat(41)].map(slipsIn)).toEqual([0, 1, 2, 0, 0]);
});
