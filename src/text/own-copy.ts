/**
 * The same text in memory of its own. A piece cut out of a long text keeps all of that text in memory; whoever remembers words, not pages,
 * remembers copies.
 */
export function ownCopy(piece: string): string {
  // What is cut out of a text that was just put together keeps that one, not the long one.
  return ` ${piece}`.slice(1);
}
