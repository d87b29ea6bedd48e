/**
 * Host names that people reported as scams, as sorted 32-bit fingerprints: enough to know one again, too little to read the list off
 * them. One in some 200,000 other hosts shares a fingerprint. Made by bench/train/prefilter.ts; searched by halves.
 */
import packed from "./scam-domains.json" with { type: "json" };

const prints = unpack(packed.prints);

export function knownScam(host: string): boolean {
  const print = fingerprint(host);
  let low = 0;
  let high = prints.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((prints[middle] ?? 0) < print) low = middle + 1;
    else high = middle;
  }
  return prints[low] === print;
}

/** FNV-1a with a last mix. */
export function fingerprint(host: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < host.length; i++) hash = Math.imul(hash ^ host.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function unpack(text: string): Uint32Array {
  const bytes = Buffer.from(text, "base64");
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
