import { describe, expect, test } from "bun:test";
import { figuresIn, withoutUnits } from "../../../src/answering/figures.ts";

const read = (text: string) => figuresIn(text).map(({ value, kind }) => `${value} ${kind}`.trim());

describe("what a number counts", () => {
  const CASES: Readonly<Record<string, readonly string[]>> = {
    "two weeks, 14 days": ["14d time:week", "14d time:day"],
    "a year is 12 months": ["12m time:month"],
    "15 euros a month": ["15 money"],
    "39 TL'dir": ["39 money"],
    "Standart teslimat 4 iş günü sürer": ["4d time:day"],
    "20 Cent am Tag": ["20 money"],
    "en cinq jours": ["5d time:day"],
    保証期間は6か月です: ["6m time:month"],
    "年間3,300円で": ["3300 money"],
    "хранятся 14 дней": ["14d time:day"],
    "version 5 needs 8 GB": ["5 label:version", "8 size"],
    "port 7443": ["7443 label:port"],
    "from 10:00": ["10:00 clock"],
    "from April 15 to October 31": ["4/15 date", "10/31 date"],
    "am 15. Mai, 15 Ekim'de": ["5/15 date", "10/15 date"],
    "You may keep 5 notes, separate 3": ["5 note", "3"],
    "E1042 and b2b": [],
    "bir bisiklet günde 8 avro": ["8 money"],
  };
  for (const [text, figures] of Object.entries(CASES)) test(text, () => expect(read(text)).toEqual([...figures]));
});

test("units go with their numbers, and a unit's word elsewhere stays", () => {
  expect(withoutUnits("30 days of a rainy day").split(/\s+/)).toEqual(["30", "of", "a", "rainy", "day"]);
});
