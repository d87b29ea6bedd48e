import { describe, expect, test } from "bun:test";
import { ANSWER_FILES, judgeAnswers } from "../../../bench/answers/judge.ts";
import { withoutFalseFacts } from "../../../src/answering/facts.ts";
import type { PassageRow } from "../../../src/knowledge.ts";

const passage = (title: string, text: string, language = "en"): PassageRow => ({
  ...{ id: "p", document: "d", source: "s", kind: "text", title, headings: [], url: null, language, text, position: 0 },
});

describe("answers written by hand, true and false in the source's own words", () => {
  for (const file of ANSWER_FILES) {
    test(`${file}: no false answer passes, at most one true answer in twenty fails`, async () => {
      const judged = await judgeAnswers(file);
      expect(judged.length).toBeGreaterThanOrEqual(34);
      expect(judged.filter(({ right, passes }) => !right && passes)).toEqual([]);
      const failing = judged.filter(({ right, passes }) => right && !passes);
      expect(failing.length).toBeLessThanOrEqual(judged.filter(({ right }) => right).length / 20);
    });
  }
});

test("a sentence that says something false goes, and the others stay with their marks", () => {
  const source = passage("Bikes", "A bike costs 8 euros a day. A helmet costs 2 euros a day. Ask for `bikectl rent`.");
  const said = withoutFalseFacts(
    "A bike is 8 euros a day [1]. A helmet is 8 euros a day [1]. Run `bikectl rent` [1].",
    [source],
    "?",
    "en",
  );
  expect(said.text).toBe("A bike is 8 euros a day [1]. Run `bikectl rent` [1].");
  expect(said.dropped.map(({ sentence }) => sentence)).toEqual(["A helmet is 8 euros a day [1]."]);
  expect(said.kept).toBeGreaterThan(0.5);
});

test("a whole sentence of the source is said again whatever is in it; a part of one is a claim like any other", () => {
  const source = passage(
    "Retries",
    "Otherwise we try again after 10 seconds, 1, 5, 15, 30 and 60 minutes. No dogs are allowed in the hall.",
  );
  const passes = (answer: string) => withoutFalseFacts(answer, [source], "?", "en").dropped.length === 0;
  expect(passes("Otherwise we try again after 10 seconds, 1, 5, 15, 30 and 60 minutes [1].")).toBe(true);
  expect(passes("Dogs are allowed in the hall [1].")).toBe(false);
});

test("what the question says may be said again, and a translation keeps its numbers", () => {
  const source = passage("Bikes", "A bike costs 8 euros a day.");
  const kept = (answer: string, question: string, language: string) =>
    withoutFalseFacts(answer, [source], question, language).dropped.length === 0;
  expect(kept("For 3 days, count 8 euros a day [1].", "What do I pay for 3 days?", "en")).toBe(true);
  expect(kept("Bir bisiklet günde 8 avro [1].", "?", "tr")).toBe(true);
  expect(kept("Bir bisiklet günde 9 avro [1].", "?", "tr")).toBe(false);
});

describe("each kind of swapped fact is told from the true one", () => {
  const passes = (source: PassageRow, answer: string) =>
    withoutFalseFacts(answer, [source], "?", source.language).dropped.length === 0;
  const KINDS: Readonly<Record<string, readonly [source: PassageRow, right: string, wrong: string]>> = {
    "the subject left out": [
      passage("Rules", "Gold membership is 40 euros and runs for 12 months. Silver membership is 15 euros."),
      "Gold membership runs for 12 months [1].",
      "Silver membership is 15 euros and runs for 12 months [1].",
    ],
    "a clause that leaves its verb out": [
      passage("Bücherei", "Verspätete Bücher kosten 20 Cent und Filme 1 Euro.", "de"),
      "Verspätete Filme kosten 1 Euro [1].",
      "Verspätete Filme kosten 20 Cent [1].",
    ],
    "another unit of the same sort": [
      passage("Tickets", "A ticket is valid for 90 minutes on the bus and 2 hours on the train."),
      "A ticket is valid for 2 hours on the train [1].",
      "On the bus a ticket is valid for 2 hours [1].",
    ],
    "the same time in other units": [
      passage("Returns", "Return it within 14 days."),
      "Return it within two weeks [1].",
      "Return it within two months [1].",
    ],
    "how often": [
      passage("Permits", "A permit costs 30 euros a year."),
      "The permit is 30 euros per year [1].",
      "The permit is 30 euros per month [1].",
    ],
    "the contrary": [
      passage("Schwimmbad", "Hunde sind verboten. Die Sauna ist montags nur für Frauen geöffnet.", "de"),
      "Hunde sind nicht erlaubt [1].",
      "Hunde sind erlaubt [1].",
    ],
    "a not that stands behind what both share": [
      passage("Roles", "Guests can comment but cannot upload."),
      "Guests can comment [1].",
      "Guests can upload [1].",
    ],
    "another's doing": [
      passage("Roles", "Owners can remove members; managers can invite them. Lockers are upstairs."),
      "Owners can remove members [1].",
      "Managers can remove members [1].",
    ],
    "a price where the source says free": [
      passage("Ferry", "Bicycles travel free, dogs cost 4 pounds."),
      "Dogs cost 4 pounds [1].",
      "Bicycles cost 4 pounds [1].",
    ],
    "a time of the day in another spelling": [
      passage("Bad", "Das Hallenbad öffnet um 6:30 Uhr, das Freibad um 9 Uhr.", "de"),
      "Das Freibad öffnet um 9:00 Uhr [1].",
      "Das Hallenbad öffnet um 9 Uhr [1].",
    ],
    "a named number": [
      passage("Ports", "The service listens on port 7443, the console on port 7444."),
      "The console listens on port 7444 [1].",
      "The console listens on port 7443 [1].",
    ],
    "a letter for a name": [
      passage("Parking", "Zone A costs 4 euros. Zone B costs 2 euros."),
      "Zone B costs 2 euros [1].",
      "Zone B costs 4 euros [1].",
    ],
    "one date of two": [
      passage("Season", "The season runs from April 15 to October 31."),
      "The season runs from 15 April to 31 October [1].",
      "The season runs from April 15 to October 15 [1].",
    ],
    "no number at all": [
      passage("Towels", "Towels are included in Gold. Silver members bring their own."),
      "Towels are included in Gold [1].",
      "Towels are included in Silver [1].",
    ],
    "a clause without a verb beside one with it": [
      passage("Storage", "Archives are stored in Dublin, snapshots in Oslo."),
      "Snapshots are stored in Oslo [1].",
      "Archives are stored in Oslo [1].",
    ],
    "another form of the verb": [
      passage(
        "Backups",
        "The service makes a snapshot every 6 hours and keeps it for 14 days. Archives are kept for one year.",
      ),
      "Snapshots are kept for 14 days [1].",
      "Archives are kept for 14 days [1].",
    ],
    "a maximum beside a price": [
      passage("Biblioteca", "El retraso cuesta 0,20 euros por día, con un máximo de 8 euros.", "es"),
      "El retraso cuesta como máximo 8 euros [1].",
      "El retraso cuesta 8 euros por día [1].",
    ],
    "a negation without spaces": [
      passage("寄送", "液体和电池不能寄送。", "zh"),
      "液体不能寄送 [1]。",
      "液体可以寄送 [1]。",
    ],
  };
  for (const [kind, [source, right, wrong]] of Object.entries(KINDS)) {
    test(kind, () => {
      expect([passes(source, right), passes(source, wrong)]).toEqual([true, false]);
    });
  }
});

test("a number that the question names is not true for that", () => {
  const source = passage("Refunds", "The refund arrives after 10 days.");
  const said = (answer: string) =>
    withoutFalseFacts(answer, [source], "Does the refund arrive after 30 days?", "en").dropped;
  expect(said("The refund arrives after 30 days [1].")).toHaveLength(1);
  expect(said("The refund arrives after 10 days [1].")).toEqual([]);
});
