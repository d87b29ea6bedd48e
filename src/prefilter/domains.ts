/**
 * What a host name is: known, a shortener, an invite, or made to look like somebody else's.
 *
 * A look-alike carries a brand's name where the brand does not live: exactly, with lure words beside it, or within a few edits
 * of it once rn is read as m, vv as w, 0 as o, 1 and l as i (Sellers' search: the best match inside the host). Beside that a
 * learned score over 3–5-grams (bench/train) names what has no brand: it may raise a question, never a certainty.
 */

import { domainToUnicode } from "node:url";
import { looksLike } from "../text/fold.ts";
import { type GramModel, gramScore, sigmoid, unpackGrams } from "../text/grams.ts";
import domainWeights from "./domain.weights.json" with { type: "json" };
import { knownScam } from "./scam-domains.ts";

export type DomainKind = "known" | "scam" | "shortener" | "invite" | "address" | "look-alike" | "suspect" | "unknown";
export type Domain = {
  readonly kind: DomainKind;
  /** How much it looks like a trap, 0…1. */
  readonly score: number;
  /** Whose name it borrows. */
  readonly brand: string | null;
};

/** Above it a host nobody knows is worth a question. */
const SUSPECT_MIN = 0.9;
const CACHE_MAX = 4_096;

const shipped = unpackGrams(domainWeights);
const cache = new Map<string, Domain>();

/** Hosts repeat: judged once, remembered for the last few thousand. */
export function judgeDomain(host: string): Domain {
  const found = cache.get(host);
  if (found !== undefined) return found;
  const domain = judgeBy(shipped, host, knownScam);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(host, domain);
  return domain;
}

/** With other weights and other known scams than the shipped ones: cross-validation. */
export function judgeBy(model: GramModel, host: string, isScam: (host: string) => boolean): Domain {
  if (host.includes("xn--")) return punycode(model, host, isScam);
  const parts = host.split(".");
  if (/^[\d.]+$/.test(host)) return { kind: "address", score: 0.6, brand: null };
  const registered = registeredOf(parts);
  if (INVITES.has(registered) || INVITES.has(host)) return { kind: "invite", score: 0.2, brand: null };
  if (KNOWN.has(registered) || /\.(?:edu|gov|mil)(?:\.[a-z]{2})?$/.test(host)) {
    return { kind: "known", score: 0, brand: null };
  }
  if (isScam(host) || (registered !== host && isScam(registered))) return { kind: "scam", score: 1, brand: null };
  if (SHORTENERS.has(registered)) return { kind: "shortener", score: 0.35, brand: null };

  const bytes = Buffer.from(host, "latin1");
  const learned = sigmoid(gramScore(model, bytes, 0, bytes.length));
  const name = nameOf(parts, registered);
  const brand = borrowed(name, learned);
  if (brand !== null) return { kind: "look-alike", score: Math.max(0.9, learned), brand };
  if (learned >= SUSPECT_MIN) return { kind: "suspect", score: learned, brand: null };
  return { kind: "unknown", score: learned * 0.5, brand: null };
}

/** Punycode is judged by what a reader sees: a host that looks like a known one and is another borrows its name. */
function punycode(model: GramModel, host: string, isScam: (host: string) => boolean): Domain {
  const shown = looksLike(domainToUnicode(host));
  if (isScam(host)) return { kind: "scam", score: 1, brand: null };
  if (shown === "" || shown.includes("xn--")) return { kind: "suspect", score: 0.6, brand: null };
  const seen = judgeBy(model, shown, isScam);
  if (seen.kind !== "known" && seen.kind !== "scam") return seen;
  return { kind: "look-alike", score: 0.97, brand: shown };
}

/** Which brand's name does this host borrow? Exactly needs a lure word or the learned score beside it; nearly speaks for itself. */
function borrowed(name: string, learned: number): string | null {
  const plain = name.replace(/[-.]/g, "");
  for (const { brand, editsMax } of BRANDS) {
    if (plain.includes(brand)) {
      // A brand that is a common word too (nitro, steam) says less.
      const bar = editsMax === 0 ? 0.8 : 0.5;
      if (learned >= bar && (LURES.test(plain.replace(brand, " ")) || learned >= SUSPECT_MIN)) return brand;
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

/** The part of the host that its owner chose: everything but the ending. */
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
  steamcommunity.com steampowered.com steamstatic.com steamusercontent.com steamgames.com valvesoftware.com s.team steamdb.info steamcharts.com steamspy.com steamladder.com steamrep.com steamid.io steamid.uk steamidfinder.com steamgriddb.com steamtrades.com steam250.com steambase.io steamhistory.net steamcardexchange.net steamunlocked.net steamdeckhq.com steamdeck.com steamos.cloud steampeek.hu steamapis.com backpack.tf tf2maps.net discords.com discordbotlist.com discord.bots.gg discordbee.com discordtemplates.me discordservers.com discordhome.com discordlookup.com discord.id discord.js.guide discordjs.dev discordpy.org discordapi.com discord4j.com discordnet.dev discordia.me discordemoji.com discordresources.com nitrotype.com nitropay.com nitropack.io nitro.build nitro.unjs.io robloxlabs.com rolimons.com rblxwild.com roblox-wiki.com twitchtracker.com twitchemotes.com twitchmetrics.net twitchcon.com telegram.org telegra.ph core.telegram.org paypalobjects.com paypal.me paypal-community.com coinbasepro.com binance.us binance.org openseauserdata.com metamask.github.io gamebanana.com nexusmods.com curseforge.com modrinth.com itch.io itch.zone gog.com humblebundle.com isthereanydeal.com speedrun.com howlongtobeat.com fandom.com wiki.gg pcgamingwiki.com computerbase.de heise.de golem.de chip.de spiegel.de tagesschau.de zdf.de ard.de sport1.de idealo.de otto.de bahn.de gamestar.de skinport.com csgofloat.com roblox.com rbxcdn.com epicgames.com twitch.tv minecraft.net mojang.com ea.com ubisoft.com xbox.com playstation.com nintendo.com
  github.com githubusercontent.com github.blog gitlab.com bitbucket.org stackoverflow.com stackexchange.com superuser.com serverfault.com askubuntu.com npmjs.com pypi.org python.org nodejs.org bun.sh deno.land deno.com rust-lang.org crates.io docs.rs golang.org go.dev pkg.go.dev mozilla.org w3.org w3schools.com php.net mysql.com postgresql.org sqlite.org redis.io docker.com kubernetes.io apache.org nginx.org debian.org ubuntu.com launchpad.net canonical.com archlinux.org fedoraproject.org redhat.com kernel.org gnu.org freedesktop.org gnome.org kde.org readthedocs.io readthedocs.org jsdelivr.net unpkg.com cloudflare.com vercel.com netlify.com heroku.com digitalocean.com amazonaws.com amazon.com aws.amazon.com azure.com microsoft.com live.com office.com outlook.com bing.com apple.com icloud.com google.com googleapis.com googleusercontent.com gstatic.com youtube.com youtu.be gmail.com android.com chromium.org
  wikipedia.org wikimedia.org wiktionary.org archive.org reddit.com redd.it redditmedia.com twitter.com x.com facebook.com fb.com instagram.com linkedin.com tiktok.com pinterest.com tumblr.com medium.com substack.com dev.to discourse.org hashnode.dev quora.com imgur.com gyazo.com tenor.com giphy.com prnt.sc pastebin.com hastebin.com gist.github.com codepen.io jsfiddle.net codesandbox.io replit.com stackblitz.com figma.com notion.so notion.site trello.com slack.com zoom.us dropbox.com mega.nz wetransfer.com mediafire.com spotify.com soundcloud.com netflix.com discogs.com discovery.com disneyplus.com imdb.com vimeo.com patreon.com ko-fi.com paypal.com stripe.com ebay.com openai.com chatgpt.com anthropic.com huggingface.co groq.com kaggle.com arxiv.org doi.org nature.com bbc.com bbc.co.uk cnn.com nytimes.com theguardian.com reuters.com bloomberg.com forbes.com wsj.com
  gov.tr edu.tr sahibinden.com hepsiburada.com trendyol.com n11.com eksisozluk.com hurriyet.com.tr milliyet.com.tr sozcu.com.tr ntv.com.tr webtekno.com donanimhaber.com technopat.net turkcell.com.tr mynet.com haberturk.com
  duckduckgo.com meetup.com eventbrite.com yahoo.com baidu.com yandex.ru yandex.com vk.com ok.ru mail.ru qq.com weibo.com naver.com daum.net bilibili.com nicovideo.jp pixiv.net dailymotion.com rumble.com odysee.com bandcamp.com last.fm genius.com deezer.com tidal.com shazam.com myanimelist.net anilist.co crunchyroll.com letterboxd.com goodreads.com audible.com kindle.com scribd.com slideshare.net issuu.com academia.edu researchgate.net jstor.org springer.com sciencedirect.com wiley.com ieee.org acm.org nasa.gov nih.gov who.int europa.eu un.org
  etsy.com aliexpress.com alibaba.com walmart.com target.com bestbuy.com newegg.com ikea.com lego.com zalando.de mediamarkt.de amazon.de amazon.co.uk amazon.com.tr gittigidiyor.com cimri.com akakce.com vatanbilgisayar.com itopya.com booking.com airbnb.com tripadvisor.com expedia.com uber.com lyft.com doordash.com ups.com fedex.com dhl.com
  duolingo.com coursera.org udemy.com khanacademy.org edx.org codecademy.com freecodecamp.org geeksforgeeks.org tutorialspoint.com leetcode.com hackerrank.com codewars.com exercism.org projecteuler.net adventofcode.com regex101.com caniuse.com css-tricks.com smashingmagazine.com web.dev developer.chrome.com tailwindcss.com getbootstrap.com react.dev reactjs.org vuejs.org angular.io angular.dev svelte.dev nextjs.org nuxt.com vitejs.dev vite.dev astro.build remix.run expressjs.com fastify.io fastify.dev nestjs.com typescriptlang.org eslint.org prettier.io babeljs.io webpack.js.org rollupjs.org rolldown.rs jestjs.io vitest.dev playwright.dev cypress.io storybook.js.org flutter.dev kotlinlang.org swift.org ruby-lang.org rubyonrails.org elixir-lang.org haskell.org scala-lang.org clojure.org perl.org lua.org julialang.org r-project.org tensorflow.org pytorch.org numpy.org pandas.pydata.org scipy.org jupyter.org anaconda.com conda.io ray.io spark.apache.org grafana.com prometheus.io elastic.co mongodb.com mariadb.org oracle.com java.com adoptium.net jetbrains.com visualstudio.com sublimetext.com vim.org neovim.io gitter.im matrix.org element.io mastodon.social bsky.app threads.net signal.org whatsapp.com line.me skype.com teams.microsoft.com meet.google.com
  unity.com unity3d.com unrealengine.com godotengine.org blender.org gimp.org inkscape.org krita.org adobe.com canva.com unsplash.com pexels.com pixabay.com deviantart.com artstation.com behance.net dribbble.com flickr.com photobucket.com postimg.cc ibb.co imgbb.com catbox.moe streamable.com gfycat.com redgifs.com discohook.org carl.gg mee6.xyz dyno.gg probot.io dank-memer.com statbot.net ticketsbot.cloud
  riotgames.com leagueoflegends.com playvalorant.com blizzard.com battle.net activision.com callofduty.com rockstargames.com bethesda.net cdprojektred.com square-enix.com capcom.com sega.com bungie.net warframe.com pathofexile.com runescape.com jagex.com albiononline.com worldoftanks.com wargaming.net pubg.com apexlegends.com fortnite.com supercell.com hypixel.net spigotmc.org papermc.io bukkit.org planetminecraft.com namemc.com op.gg u.gg tracker.gg faceit.com hltv.org liquipedia.net gamespot.com ign.com pcgamer.com eurogamer.net polygon.com kotaku.com
  paste.ee paste.rs paste.gg ghostbin.com dpaste.com dpaste.org paste.ubuntu.com pastebin.ubuntu.com bpaste.net ix.io termbin.com transfer.sh file.io wolframalpha.com speedtest.net downdetector.com virustotal.com haveibeenpwned.com urlscan.io
  coinbase.com binance.com metamask.io opensea.io ethereum.org bitcoin.org coinmarketcap.com coingecko.com etherscan.io`,
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
