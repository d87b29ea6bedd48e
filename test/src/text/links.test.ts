import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import weights from "../../../src/prefilter/domain.weights.json" with { type: "json" };
import { editsTo, judgeBy, judgeDomain } from "../../../src/prefilter/domains.ts";
import { knownScam } from "../../../src/prefilter/scam-domains.ts";
import { fold } from "../../../src/text/fold.ts";
import { unpackGrams } from "../../../src/text/grams.ts";
import { LINKS_MAX, linksOf } from "../../../src/text/links.ts";

const shipped = unpackGrams(weights);
const hosts = (text: string) => linksOf(text, fold(text)).map(({ host }) => host);

describe("links", () => {
  test("are found with and without a scheme", () => {
    expect(hosts("see https://www.Example.com/a?b and discord-nitro.ru/claim, or steamcommunlty.com")).toEqual([
      "example.com",
      "discord-nitro.ru",
      "steamcommunlty.com",
    ]);
  });

  test("are not file names, abbreviations, versions or mail addresses", () => {
    expect(
      hosts("see discord.js/main/src/client/Client.js, src/lib/nitro.io/x, node.js/readme.md and guild.me()"),
    ).toEqual([]);
    expect(hosts("https://discord.js.org/docs/packages/discord.js/main")).toEqual(["discord.js.org"]);
    expect(hosts("e.g. index.ts, main.py 1.2.3 v2.0.1 sources.list? someone@mail.example wait...what")).toEqual([]);
  });

  test("say when the host is not what it looks like", () => {
    expect(linksOf("https://discоrd.com/x", fold("https://discоrd.com/x"))[0]).toMatchObject({
      host: "discord.com",
      lookAlikeLetters: true,
    });
    const user = "http://discord.com:x@evil.ru/a";
    expect(linksOf(user, fold(user)).some(({ host, userInfo }) => host === "evil.ru" && userInfo)).toBe(true);
  });

  test("are bounded in number, whatever the text", () => {
    const text = Array.from({ length: 100 }, (_, i) => `https://host-${i}.com`).join(" ");
    expect(hosts(text).length).toBe(LINKS_MAX);
  });
});

describe("domains", () => {
  test("of the brands themselves, their guides and everyday sites are known", () => {
    for (const host of [
      "discord.com",
      "cdn.discordapp.com",
      "discord.gift",
      "steamcommunity.com",
      "store.steampowered.com",
      "discordjs.guide",
      "github.com",
      "docs.python.org",
      "en.wikipedia.org",
      "metu.edu.tr",
      "discogs.com",
      "steamdb.info",
    ]) {
      expect({ host, kind: judgeDomain(host).kind }).toEqual({ host, kind: "known" });
    }
  });

  test("that only sound a little like a brand are nobody's look-alikes", () => {
    for (const host of ["streamlit.io", "teamspeak.com", "disqus.com", "nitrous.io", "disney.com", "sveltecasts.dev"]) {
      expect({ host, kind: judgeDomain(host).kind }).toEqual({ host, kind: "unknown" });
    }
  });

  test("that borrow a brand's name are look-alikes", () => {
    for (const host of [
      "discord-nitro.gift",
      "dlscord.gift",
      "discorcl.com.ru",
      "steamcommunlty.ru",
      "stearncommunity.com",
      "free-nitro-discord.xyz",
      "roblox-free-robux.site",
    ]) {
      // By itself: some of them were reported by people meanwhile.
      expect({ host, kind: judgeBy(shipped, host, () => false).kind }).toEqual({ host, kind: "look-alike" });
    }
  });

  test("in punycode are judged by what a reader sees", () => {
    const host = (shown: string) => new URL(`https://${shown}`).hostname;
    expect(judgeDomain(host("dіscord.com"))).toMatchObject({ kind: "look-alike" });
    expect(judgeDomain(host("stеаmcommunity.com"))).toMatchObject({ kind: "look-alike" });
    expect(judgeDomain(host("münchen.de")).kind).toBe("unknown");
  });

  test("that people reported are scams, with their sub-domains; ordinary ones are not taken for them", () => {
    expect(judgeDomain("discord-nitro.ru").kind).toBe("scam");
    expect(judgeDomain("www2.discord-nitro.ru").kind).toBe("scam");
    for (let i = 0; i < 2_000; i++) expect(knownScam(`shop-${i}.example.org`)).toBe(false);
  });

  test("invites and shorteners are told apart", () => {
    expect(judgeDomain("discord.gg").kind).toBe("invite");
    expect(judgeDomain("bit.ly").kind).toBe("shortener");
  });

  test("edits are 0 exactly where the text holds the pattern, and never more than the pattern is long", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    fc.assert(
      fc.property(word, word, (pattern, text) => {
        const edits = editsTo(pattern, text);
        expect(edits === 0).toBe(text.includes(pattern));
        expect(edits).toBeLessThanOrEqual(pattern.length);
      }),
    );
    expect(editsTo("discord", "my-dicsord-app")).toBe(1);
  });
});
