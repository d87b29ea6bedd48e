import { expect, test } from "bun:test";
import { stemsOf } from "../../../src/text/stems.ts";

test("an article that lost its vowel is no word, and an ending behind an apostrophe still goes", () => {
  expect(stemsOf("l'abonnement", "fr")).toEqual(stemsOf("abonnement", "fr"));
  expect(stemsOf("dell'assemblea", "it")).toEqual(stemsOf("assemblea", "it"));
  expect(stemsOf("Gatehouse'un", "tr")).toEqual(stemsOf("Gatehouse", "tr"));
  expect(stemsOf("hub's", "en")).toEqual(stemsOf("hub", "en"));
});

test("a word has the same stems when it is met again, and after more words than are remembered", () => {
  const said = "Auto-Update aktualisieren, die Aktualisierungen von ML-207 für パスワードの変更 ".repeat(2);
  const first = stemsOf(said, "de");
  expect(stemsOf(said, "de")).toEqual(first);
  for (let i = 0; i < 17_000; i++) stemsOf(`word${i}`, "en");
  expect(stemsOf(said, "de")).toEqual(first);
  expect(stemsOf("Aktualisierungen", "en")).not.toEqual(stemsOf("Aktualisierungen", "de"));
  expect(first.slice(0, first.length / 2)).toEqual(first.slice(first.length / 2));
});
