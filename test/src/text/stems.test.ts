import { expect, test } from "bun:test";
import { stemsOf } from "../../../src/text/stems.ts";

test("an article that lost its vowel is no word, and an ending behind an apostrophe still goes", () => {
  expect(stemsOf("l'abonnement", "fr")).toEqual(stemsOf("abonnement", "fr"));
  expect(stemsOf("dell'assemblea", "it")).toEqual(stemsOf("assemblea", "it"));
  expect(stemsOf("Gatehouse'un", "tr")).toEqual(stemsOf("Gatehouse", "tr"));
  expect(stemsOf("hub's", "en")).toEqual(stemsOf("hub", "en"));
});
