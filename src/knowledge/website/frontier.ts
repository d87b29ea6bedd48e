/**
 * Which addresses of a website are still to be read: each once, the nearest to the start first, only those inside the start's
 * folder on its host, never deeper or more than allowed. Pure; `save` and `restore` carry it over a crash.
 */

/** Longer addresses are search results and traps. */
const URL_CHARS_MAX = 500;
/** Before what only tracks is taken out. */
const WRITTEN_CHARS_MAX = 4_000;

/** Parameters that tell who came from where, not what is shown. */
const TRACKING = /^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|ref|ref_src|source)$/i;

const NOT_PAGES =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|css|m?js|map|json|xml|rss|atom|woff2?|ttf|eot|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|deb|rpm|apk|iso|bin|mp[34]|m4a|wav|ogg|webm|mov|avi|doc|xlsx?|pptx?)$/i;

export type Scope = {
  readonly origin: string;
  /** The folder: only paths that begin with it. */
  readonly prefix: string;
  readonly depthMax: number;
  readonly pagesMax: number;
};

type Step = { readonly url: string; readonly depth: number };

export type SavedFrontier = { readonly queue: readonly Step[]; readonly seen: readonly string[] };

export type Frontier = {
  /** Takes what belongs here and is new. */
  add(urls: readonly string[], depth: number): void;
  next(): Step | null;
  /** An address that was taken and not finished comes next again. */
  putBack(step: Step): void;
  /** True the first time: a page that redirects or names another address as its own is that page. */
  claim(url: string): boolean;
  /** Still to be read. */
  readonly waiting: number;
  save(): SavedFrontier;
};

/** The scope of a crawl that begins at `start`: its host, and its folder unless that is said. */
export function scopeOf(
  start: string,
  limits: { readonly depthMax: number; readonly pagesMax: number; readonly prefix?: string | null },
): Scope {
  const url = new URL(start);
  const folder = url.pathname.slice(0, url.pathname.lastIndexOf("/") + 1);
  return { origin: url.origin, prefix: limits.prefix ?? folder, depthMax: limits.depthMax, pagesMax: limits.pagesMax };
}

/** One spelling for each page: no fragment, no tracking, no default index file. */
export function normalise(address: string): string | null {
  if (address.length > WRITTEN_CHARS_MAX || !URL.canParse(address)) return null;
  const url = new URL(address);
  url.hash = "";
  for (const name of new Set(url.searchParams.keys())) if (TRACKING.test(name)) url.searchParams.delete(name);
  url.pathname = url.pathname.replace(/\/index\.(?:html?|php)$/i, "/");
  return url.href;
}

export function belongs(address: string, scope: Scope): boolean {
  if (address.length > URL_CHARS_MAX || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === scope.origin && url.pathname.startsWith(scope.prefix) && !NOT_PAGES.test(url.pathname);
}

/**
 * May a crawl that was begun at `start` go on at `address`, where the start redirects to? On the same host, with or without
 * `www.`, or on a host below or above it; another site altogether is another source.
 */
export function movesWith(start: string, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const [from, to] = [start, address].map((url) => new URL(url).hostname.replace(/^www\./, ""));
  if (from === undefined || to === undefined || NOT_PAGES.test(new URL(address).pathname)) return false;
  return from === to || to.endsWith(`.${from}`) || from.endsWith(`.${to}`);
}

export function createFrontier(scope: Scope, saved?: SavedFrontier): Frontier {
  const queue: Step[] = [...(saved?.queue ?? [])];
  const seen = new Set<string>(saved?.seen ?? []);

  return {
    add(urls, depth) {
      if (depth > scope.depthMax) return;
      for (const address of urls) {
        const url = normalise(address);
        if (url === null || seen.has(url) || seen.size >= scope.pagesMax || !belongs(url, scope)) continue;
        seen.add(url);
        queue.push({ url, depth });
      }
    },
    next: () => queue.shift() ?? null,
    putBack(step) {
      queue.unshift(step);
    },
    claim(address) {
      const url = normalise(address) ?? address;
      if (seen.has(url)) return false;
      seen.add(url);
      return true;
    },
    get waiting() {
      return queue.length;
    },
    save: () => ({ queue: [...queue], seen: [...seen] }),
  };
}
