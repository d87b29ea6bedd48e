/**
 * Is an IP address one of the public Internet's? An allow-list: what IANA has not given out as globally reachable is not
 * (special-purpose registries for IPv4 and IPv6, RFC 6890). Addresses that carry another one inside (mapped, 6to4, NAT64,
 * Teredo) are never allowed: a public site needs none of them.
 */

type Range = readonly [string, number];

/** Not reachable from everywhere, or not by one host alone. */
const IPV4_NOT_PUBLIC: readonly Range[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Inside 2000::/3, the only part of IPv6 that is given out. */
const IPV6_NOT_PUBLIC: readonly Range[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

/** `address` as a resolver or a URL gives it, IPv6 with or without brackets; anything else is not public. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "");
  const four = readIpv4(plain);
  if (four !== null) return !IPV4_NOT_PUBLIC.some(([start, bits]) => inRange(four, readIpv4(start) ?? [], bits, 8));
  const six = readIpv6(plain);
  if (six === null || !inRange(six, [0x2000, 0, 0, 0, 0, 0, 0, 0], 3, 16)) return false;
  return !IPV6_NOT_PUBLIC.some(([start, bits]) => inRange(six, readIpv6(start) ?? [], bits, 16));
}

export function isAddress(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, "");
  return readIpv4(plain) !== null || readIpv6(plain) !== null;
}

function inRange(parts: readonly number[], start: readonly number[], bits: number, width: number): boolean {
  for (let i = 0, left = bits; left > 0; i++, left -= width) {
    const shift = Math.max(0, width - left);
    if ((parts[i] ?? 0) >> shift !== (start[i] ?? 0) >> shift) return false;
  }
  return true;
}

/** Four plain decimal parts, nothing else: URLs have been through the WHATWG parser, which leaves no other spelling. */
function readIpv4(text: string): readonly number[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = match?.slice(1).map(Number) ?? [];
  return parts.length === 4 && parts.every((part) => part <= 255) ? parts : null;
}

/** Eight groups; a zone ("%eth0") is no public address's. */
function readIpv6(text: string): readonly number[] | null {
  if (!text.includes(":") || !URL.canParse(`http://[${text}]/`)) return null;
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right].map((group) =>
    Number.parseInt(group, 16),
  );
  return groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xffff) ? groups : null;
}
