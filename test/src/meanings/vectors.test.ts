import { expect, test } from "bun:test";
import { createTable, packVector, searchVectors, setVector } from "../../../src/meanings/vectors.ts";

const noPause = async () => undefined;

test("the nearest by cosine comes first, whatever its length; of equals the earlier", async () => {
  const table = createTable(4, 2);
  const given = [
    [0, 1],
    [100, 100],
    [1, 1],
    [-1, -1],
  ];
  for (const [position, vector] of given.entries()) setVector(table, position, packVector(Float32Array.from(vector)));
  expect(await searchVectors(table, packVector(Float32Array.from([3, 3])), 3, noPause)).toEqual([1, 2, 0]);
});

test("a passage without a vector is not found, and one of another length is refused", async () => {
  const table = createTable(3, 2);
  expect(setVector(table, 1, packVector(Float32Array.from([1, 0])))).toBe(true);
  expect(setVector(table, 2, packVector(Float32Array.from([1, 0, 0])))).toBe(false);
  expect(await searchVectors(table, packVector(Float32Array.from([1, 0])), 3, noPause)).toEqual([1]);
});

test("a byte a dimension keeps the order of cosines that differ by more than a hundredth", async () => {
  const table = createTable(50, 64);
  const wave = (turn: number) => Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 0.7 + turn));
  for (let i = 0; i < 50; i++) setVector(table, i, packVector(wave(i * 0.06)));
  const found = await searchVectors(table, packVector(wave(0)), 10, noPause);
  expect(found).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("a large knowledge base is searched with pauses between", async () => {
  const table = createTable(2_500, 1);
  for (let i = 0; i < 2_500; i++) setVector(table, i, packVector(Float32Array.from([1])));
  let pauses = 0;
  await searchVectors(table, packVector(Float32Array.from([1])), 1, async () => {
    pauses++;
  });
  expect(pauses).toBe(2);
});
