/** Numbers one after the other in a typed array that grows by half. */
export type Growing = {
  readonly length: number;
  push(number: number): void;
  at(place: number): number;
  /** What it holds now; later numbers may stand elsewhere. */
  view(): Uint32Array;
};

const FIRST = 1_024;

export function createGrowing(): Growing {
  let numbers = new Uint32Array(FIRST);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(number) {
      if (length === numbers.length) {
        const larger = new Uint32Array(Math.ceil(length * 1.5));
        larger.set(numbers);
        numbers = larger;
      }
      numbers[length++] = number;
    },
    at: (place) => numbers[place] ?? 0,
    view: () => numbers.subarray(0, length),
  };
}
