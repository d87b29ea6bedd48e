/**
 * What a host name is: known, a shortener, an invite, or made to look like somebody else's.
 *
 * A look-alike carries a brand's name where the brand does not live: exactly, with lure words beside it, or within a few edits
 * of it once rn is read as m, vv as w, 0 as o, 1 and l as i (Sellers' search: the best match inside the host). Beside that a
 * learned score over 3–5-grams (bench/train) names what has no brand: it may raise a question, never a certainty.
 */

import { type GramModel, gramScore, sigmoid, unpackGrams } from "../text/grams.ts";
import domainWeights from "./domain.weights.json" with { type: "json" };

export type DomainKind = "known" | "shortener" | "invite" | "address" | "look-alike" | "suspect" | "unknown";
export type Domain = {
  readonly kind: DomainKind;
  /** How much it looks like a trap, 0…1. */
  readonly score: number;
  /** Whose name it borrows. */
  readonly brand: string | null;
};

/** Above it a host nobody knows is worth a question. */
const SUSPECT_MIN = 0.8;
const CACHE_MAX = 4_096;

const shipped = unpackGrams(domainWeights);
const cache = new Map<string, Domain>();

/** Hosts repeat: judged once, remembered for the last few thousand. */
export function judgeDomain(host: string): Domain {
  const found = cache.get(host);
  if (found !== undefined) return found;
  const domain = judgeBy(shipped, host);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(host, domain);
  return domain;
}

/** With other weights than the shipped ones: cross-validation. */
export function judgeBy(model: GramModel, host: string): Domain {
  const parts = host.split(".");
  if (/^[\d.]+$/.test(host)) return { kind: "address", score: 0.6, brand: null };
  const registered = registeredOf(parts);
  if (INVITES.has(registered) || INVITES.has(host)) return { kind: "invite", score: 0.2, brand: null };
  if (KNOWN.has(registered) || /\.(?:edu|gov|mil)(?:\.[a-z]{2})?$/.test(host)) {
    return { kind: "known", score: 0, brand: null };
  }
  if (SHORTENERS.has(registered)) return { kind: "shortener", score: 0.35, brand: null };

  const bytes = Buffer.from(host, "latin1");
  const learned = sigmoid(gramScore(model, bytes, 0, bytes.length));
  const name = nameOf(parts, registered);
  const brand = borrowed(name, learned);
  if (brand !== null) return { kind: "look-alike", score: Math.max(0.9, learned), brand };
  if (learned >= SUSPECT_MIN) return { kind: "suspect", score: learned, brand: null };
  return { kind: "unknown", score: learned * 0.5, brand: null };
}

/** Which brand's name does this host borrow? Exactly needs a lure word or the learned score beside it; nearly speaks for itself. */
function borrowed(name: string, learned: number): string | null {
  const plain = name.replace(/[-.]/g, "");
  for (const { brand, editsMax } of BRANDS) {
    if (plain.includes(brand)) {
      if (learned >= 0.5 && (LURES.test(plain.replace(brand, " ")) || learned >= SUSPECT_MIN)) return brand;
      continue;
    }
    if (editsMax === 0) continue;
    const edits = Math.min(editsTo(brand, plain), editsTo(skeleton(brand), skeleton(plain)));
    if (edits === 0 || (edits <= editsMax && learned >= 0.6)) return brand;
    if (edits <= editsMax + 1 && brand.length >= 7 && learned >= 0.95) return brand;
  }
  return null;
}

function skeleton(name: string): string {
  return name
    .replace(/rn|nn/g, "m")
    .replaceAll("vv", "w")
    .replaceAll("cl", "d")
    .replace(/[1l]/g, "i")
    .replaceAll("0", "o");
}

/** The fewest edits (insert, delete, change, swap neighbours) between `pattern` and any piece of `text`. */
export function editsTo(pattern: string, text: string): number {
  let before = new Uint8Array(text.length + 1);
  let row = new Uint8Array(text.length + 1);
  let next = new Uint8Array(text.length + 1);
  for (let i = 1; i <= pattern.length; i++) {
    next[0] = i;
    for (let j = 1; j <= text.length; j++) {
      const same = pattern[i - 1] === text[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && pattern[i - 1] === text[j - 2] && pattern[i - 2] === text[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      next[j] = best;
    }
    [before, row, next] = [row, next, before];
  }
  return row.reduce((least, edits) => Math.min(least, edits), 255);
}

/** The domain somebody registered, or the sub-domain a free host gave away. */
function registeredOf(parts: readonly string[]): string {
  const last2 = parts.slice(-2).join(".");
  const shared =
    FREE_HOSTS.has(last2) ||
    (/^(?:com?|org|net|gov|edu|ac|gen|web)$/.test(parts.at(-2) ?? "") && (parts.at(-1)?.length ?? 0) === 2);
  return shared ? parts.slice(-3).join(".") : last2;
}

/** What of the host its owner chose: everything but the ending. */
function nameOf(parts: readonly string[], registered: string): string {
  const ending = registered.split(".").length === 3 ? 2 : 1;
  return parts.slice(0, -ending).join(".").slice(-64);
}

const BRANDS: readonly { readonly brand: string; readonly editsMax: number }[] = [
  { brand: "steamcommunity", editsMax: 4 },
  { brand: "steampowered", editsMax: 3 },
  { brand: "discordapp", editsMax: 2 },
  { brand: "discord", editsMax: 1 },
  { brand: "hypesquad", editsMax: 1 },
  { brand: "roblox", editsMax: 1 },
  { brand: "nitro", editsMax: 0 },
  { brand: "steam", editsMax: 0 },
  { brand: "metamask", editsMax: 1 },
  { brand: "opensea", editsMax: 1 },
  { brand: "coinbase", editsMax: 1 },
  { brand: "binance", editsMax: 1 },
  { brand: "paypal", editsMax: 1 },
  { brand: "twitch", editsMax: 0 },
  { brand: "telegram", editsMax: 0 },
];

const LURES =
  /gift|nitro|free|claim|promo|giveaw|give|drop|airdrop|prize|reward|bonus|event|app|login|verif|moderat|apply|form|partner|hype|boost|premium|code|offer|trade|csgo|skin|winner|invite|secure|support|team|money|market|get|month|wallet|mint|robux/;

const FREE_HOSTS: ReadonlySet<string> = words(
  "repl.co rf.gd herokuapp.com netlify.app vercel.app web.app firebaseapp.com github.io gitlab.io pages.dev workers.dev glitch.me blogspot.com wordpress.com weebly.com wixsite.com godaddysites.com 000webhostapp.com onrender.com surge.sh r2.dev fly.dev ngrok.io ngrok-free.app org.ru com.ru net.ru uk.com us.com eu.com",
);
const INVITES: ReadonlySet<string> = words(
  "discord.gg dsc.gg invite.gg discord.me disboard.org top.gg discord.io t.me wa.me",
);
const SHORTENERS: ReadonlySet<string> = words(
  "bit.ly tinyurl.com goo.gl t.co is.gd v.gd cutt.ly rb.gy rebrand.ly shorturl.at ow.ly buff.ly adf.ly grabify.link iplogger.org iplogger.com yip.su s.id t.ly tiny.cc shorte.st bc.vc linktr.ee urlz.fr u.to clck.ru vk.cc qr.ae soo.gd x.gd",
);
const KNOWN: ReadonlySet<string> = words(
  `discord.com discordapp.com discordapp.net discord.gift discord.gifts discord.media discord.dev discord.new discordstatus.com dis.gd discordjs.guide discord.js.org js.org
  steamcommunity.com steampowered.com steamstatic.com steamusercontent.com steamgames.com valvesoftware.com s.team steamdb.info steamgifts.com skinport.com csgofloat.com roblox.com rbxcdn.com epicgames.com twitch.tv minecraft.net mojang.com ea.com ubisoft.com xbox.com playstation.com nintendo.com
  github.com githubusercontent.com github.blog gitlab.com bitbucket.org stackoverflow.com stackexchange.com superuser.com serverfault.com askubuntu.com npmjs.com pypi.org python.org nodejs.org bun.sh deno.land deno.com rust-lang.org crates.io docs.rs golang.org go.dev pkg.go.dev mozilla.org w3.org w3schools.com php.net mysql.com postgresql.org sqlite.org redis.io docker.com kubernetes.io apache.org nginx.org debian.org ubuntu.com launchpad.net canonical.com archlinux.org fedoraproject.org redhat.com kernel.org gnu.org freedesktop.org gnome.org kde.org readthedocs.io readthedocs.org jsdelivr.net unpkg.com cloudflare.com vercel.com netlify.com heroku.com digitalocean.com amazonaws.com amazon.com aws.amazon.com azure.com microsoft.com live.com office.com outlook.com bing.com apple.com icloud.com google.com googleapis.com googleusercontent.com gstatic.com youtube.com youtu.be gmail.com android.com chromium.org
  wikipedia.org wikimedia.org wiktionary.org archive.org reddit.com redd.it redditmedia.com twitter.com x.com facebook.com fb.com instagram.com linkedin.com tiktok.com pinterest.com tumblr.com medium.com substack.com dev.to discourse.org hashnode.dev quora.com imgur.com gyazo.com tenor.com giphy.com prnt.sc pastebin.com hastebin.com gist.github.com codepen.io jsfiddle.net codesandbox.io replit.com stackblitz.com figma.com notion.so notion.site trello.com slack.com zoom.us dropbox.com mega.nz wetransfer.com mediafire.com spotify.com soundcloud.com netflix.com discogs.com discovery.com disneyplus.com imdb.com vimeo.com patreon.com ko-fi.com paypal.com stripe.com ebay.com openai.com chatgpt.com anthropic.com huggingface.co groq.com kaggle.com arxiv.org doi.org nature.com bbc.com bbc.co.uk cnn.com nytimes.com theguardian.com reuters.com bloomberg.com forbes.com wsj.com
  gov.tr edu.tr sahibinden.com hepsiburada.com trendyol.com n11.com eksisozluk.com hurriyet.com.tr milliyet.com.tr sozcu.com.tr ntv.com.tr webtekno.com donanimhaber.com technopat.net turkcell.com.tr mynet.com haberturk.com
  coinbase.com binance.com metamask.io opensea.io ethereum.org bitcoin.org coinmarketcap.com coingecko.com etherscan.io`,
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
