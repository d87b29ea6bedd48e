/** Cookies, read and written the one way we use them: HttpOnly, Lax, for the whole site, Secure when it is reached by https. */

export function cookies(request: Request): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (request.headers.get("cookie") ?? "").slice(0, 8_192).split(";")) {
    const at = pair.indexOf("=");
    // The first one counts: a cookie set for a wider path or domain comes later.
    if (at > 0 && !found.has(pair.slice(0, at).trim())) found.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return found;
}

/** `maxAgeS` 0 removes it. The value is ours: letters, digits, `-` and `_`. */
export function cookie(name: string, value: string, maxAgeS: number, secure: boolean): string {
  if (!/^[\w-]*$/.test(value)) throw new Error(`not a cookie's value: ${name}`);
  return `${name}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
