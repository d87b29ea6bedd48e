/** JSON lines as bytes: a stream cut at its line feeds and nowhere else. */

/** A longer line is not a case but an accident; it is read over and answered with an error. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

/** Splits at LF only: a JSON string may hold U+2028, which other readers take for a line's end. Null stands for a line too long. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): Uint8Array | null => {
    const line = bytes > LINE_BYTES_MAX ? null : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    return line;
  };
  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, at));
      yield take();
      from = at + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (bytes > 0) yield take();
}
