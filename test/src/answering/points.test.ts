import { expect, test } from "bun:test";
import { pointsIn } from "../../../src/answering/points.ts";

const read = (text: string, source = true) => pointsIn(text, source).map(({ value }) => value.replace("point:", ""));
const days = (...wanted: readonly number[]) => wanted.map((day) => `weekday=${day}`);
const months = (...wanted: readonly number[]) => wanted.map((month) => `month=${month}`);

test.each([
  ["from Monday to Thursday", days(1, 2, 3, 4)],
  ["on Tuesdays and Fridays", days(2, 5)],
  ["pazartesiden çarşambaya", days(1, 3, 2)],
  ["cumartesi ve pazar günleri", days(6, 7)],
  ["von Freitag bis Montag", days(1, 5, 6, 7)],
  ["entre semana", days(1, 2, 3, 4, 5)],
  ["le week-end", days(6, 7)],
  ["木曜日は休みです", days(4)],
  ["from October to March", months(10, 11, 12, 1, 2, 3)],
  ["You may march in May", months(5)],
  ["12月から2月まで", months(12, 1, 2)],
  ["twice a week", ["times=2"]],
  ["three times, once a day", ["times=1", "times=3"]],
  ["dreimal im Monat", ["times=3"]],
  ["週に4回まで", ["times=4"]],
  ["twice as fast; do it at once", []],
  ["open daily", days(1, 2, 3, 4, 5, 6, 7)],
])("%j names %j", (text, wanted) => {
  expect(read(text).toSorted()).toEqual([...wanted].toSorted());
});

test('an answer\'s "daily" names no day that could be wrong', () => {
  expect(read("open daily", false)).toEqual([]);
});
