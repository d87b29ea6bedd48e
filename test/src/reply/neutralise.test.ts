import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { words } from "../../../src/i18n.ts";
import { harmless, render } from "../../../src/reply.ts";
import { passage } from "../../support/build.ts";

const said = words("en").bot;
const HELD = ["https://docs.example.com/setup", "https://docs.example.com/a?b=c", "https://docs.example.com"];
const held = [
  passage(`See ${HELD[0]}, (${HELD[1]}) or write to help@docs.example.com, +49 30 1234567.`, {
    url: "https://docs.example.com/",
  }),
];
const safe = (text: string) => harmless(text, held, said);

/**
 * What Discord's client would make a link of, written from its own rules and not from ours: masked links with one level of
 * nested brackets, links, mail addresses and phone numbers in angle brackets, the longest run of a web address, invitations.
 */
function linksInDiscord(text: string): string[] {
  const links: string[] = [];
  const mask =
    /\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\)]|\\.)*?)>?(?:\s+['"][\s\S]*?['"])?\s*\)/y;
  const angle = /<([^: >]+:\/[^ >]+|(?:mailto|tel|sms):[^ >]+|[^ >@<]+@[^ >]+|\+[\d ()-]{6,})>/y;
  const url = /(?:https?|steam|ftp|discord):\/\/[^\s<]+[^<.,:;"'\]\s]/iy;
  const invite = /(?:discord(?:app)?\.(?:gg|new|gift|com\/(?:invite|template))|dsc\.gg)\/[\w-]+/iy;
  for (let at = 0; at < text.length; ) {
    let moved = false;
    for (const rule of [mask, angle, url, invite]) {
      rule.lastIndex = at;
      const found = rule.exec(text);
      if (found === null) continue;
      const target = rule === mask ? (found[2] ?? "") : (found[1] ?? found[0]);
      // A masked link whose target is no address, or whose label holds one, is plain text.
      if (rule === mask && (!URL.canParse(target) || /https?:\/\//i.test(found[1] ?? ""))) continue;
      if (rule === angle && target.includes(":/") && !URL.canParse(target)) continue;
      links.push(rule === url ? balanced(target) : target);
      at += found[0].length;
      moved = true;
      break;
    }
    if (!moved) at++;
  }
  return links;
}

/** Discord leaves out closing brackets that were not opened in the link. */
function balanced(link: string): string {
  let end = link.length;
  while (link[end - 1] === ")" && link.slice(0, end).split(")").length > link.slice(0, end).split("(").length) end--;
  return link.slice(0, end);
}

function leadsAway(link: string): boolean {
  if (/^help@docs\.example\.com$|^\+49 ?30 ?1234567$/.test(link.replace(/^(?:mailto|tel):/, ""))) return false;
  if (!URL.canParse(link)) return true;
  const { username, password, host, pathname, search } = new URL(link);
  if (username !== "" || password !== "" || host !== "docs.example.com") return true;
  return !["", "/setup", "/a?b=c"].includes(pathname.replace(/\/+$/, "") + search);
}

const strays = (text: string) => linksInDiscord(text).filter(leadsAway);

describe("links out of an answer", () => {
  test.each([
    ["credentials behind a quote", "https://docs.example.com'@evil.example/login"],
    ["credentials behind a bracket", "https://docs.example.com)'@evil.example/login"],
    ["credentials behind a mask", "[a](https://docs.example.com)'@evil.example/login"],
    ["two nested pairs of brackets", "[[a]](https://evil.example)"],
    ["three nested pairs of brackets", "[[[a]]](https://evil.example/x)"],
    ["a mask within a mask", "[x[y](https://evil.example)](https://evil.example)"],
    ["a mask that appears when another goes", "[a]([b](https://evil.example)https://evil.example)"],
    ["a mask over two lines", "[a\nb](\nhttps://evil.example )"],
    ["a mask with a title", '[a](https://evil.example "https://docs.example.com")'],
    ["a label that is an allowed link", "[https://docs.example.com/setup](https://evil.example)"],
    ["a label that is a foreign link", "[https://evil.example/x](https://docs.example.com/setup)"],
    ["a mail address in angle brackets", "<mailto:me@evil.example>"],
    ["a bare mail address in angle brackets", "<me@evil.example>"],
    ["a phone number in angle brackets", "<tel:+15551234567>"],
    ["a bare phone number in angle brackets", "<+15551234567>"],
    ["a template", "take discord.new/abcdef"],
    ["an allowed host with another path", "https://docs.example.com/setup/../evil"],
    ["an allowed link that goes on", "https://docs.example.com/setup|https://evil.example"],
    ["another port", "https://docs.example.com:8443/setup"],
    ["a host that only begins so", "https://docs.example.com.evil.example/setup"],
    ["two links run together", "https://evil.example[a](https://docs.example.com/setup)"],
    ["a title in a mask whose label is a link", `[${HELD[0]} x](${HELD[0]} "https://evil.example/x")`],
    ["a mask in a mask's title", `[a](${HELD[0]} 'x](https://evil.example/y)')`],
    ["a phone number with spaces in angle brackets", "<+1 (555) 123-4567>"],
    ["a copy of a mail to somebody else", "<mailto:help@docs.example.com?cc=me@evil.example>"],
    ["dots of other scripts", "evil。example/login, evil．com/login and discord｡gg/abc"],
    ["no scheme before two slashes", "see //evil.example/x"],
    ["an address in digits", "93.184.216.34/evil.example/login"],
    ["a name behind an allowed mask's full stop", `[a](${HELD[0]}).evil.example/x`],
    ["letters that only look like a scheme's", "httpѕ://evil.example/x or https：//evil.example/x"],
    ["invitations written around", "discord(.)gg/abc, discord[.]gg/abc, discord.gg\\abc or .gg/abc"],
    ["an angle bracket that only a later one closes", "<https://docs.example.com/setup<>"],
    ["a mask whose target holds another one's", '[](](mailto: "https://evil.example/x")'],
    ["the same in angle brackets", "[a](](<tel:> 'x')"],
    [
      "a mask in a target that begins a scheme",
      "[]([a](https://evil.example)mailto:[b](https://docs.example.com/setup)",
    ],
    ["a mail address in angle brackets that begins as an emoji", "<a:me@evil.example>"],
    ["a scheme in angle brackets that begins as a moment", "<t:/evil.example/x>"],
    ["a target that ends in a backslash", "[](https://docs.example.com\\)["],
    ["a mail address in angle brackets over two lines", "<me@bad.example\n>"],
    ["a mail address in angle brackets that begin a line above", "<\nme@bad.example>"],
  ])("%s", (_, text) => {
    const out = safe(text);
    expect(strays(out)).toEqual([]);
    expect(out).not.toMatch(/evil\.(?:example|com)\/|@evil|discord\.new|5551234567|123-4567|gg[/\\]abc/);
    expect(safe(out)).toBe(out);
  });

  test.each(["evil.example/login", "evil.banking/login", "evil.zz/a", "пример.рф/вход", "a.b.evil.museum/x?y"])(
    "a name with a path, whatever its ending: %s",
    (link) => {
      expect(safe(`Go to ${link} now`)).toBe("Go to [link removed] now");
    },
  );

  test.each([
    "See https://docs.example.com/setup.",
    "See (https://docs.example.com/setup).",
    "[the page](https://docs.example.com/setup), then [the other](https://docs.example.com/a?b=c).",
    "[a](https://docs.example.com/setup) [b](https://docs.example.com/a?b=c)",
    "<https://docs.example.com/setup>",
    "Write to help@docs.example.com or <mailto:help@docs.example.com>, or call <+49 30 1234567>.",
    "Run `curl https://docs.example.com/setup -o x` and edit config.yml, src/main.ts or Node.js/npm.",
    "In 数据库。设置/选项 allow 10.0.0.0/8 and 192.168.0.0/16, see // notes and a//b.",
    "At <t:1700000000:R> and <a:wave:123456789012345678> call `handlers[0](move(x))[1](y)` and `a[i](b[j](c))`.",
    'Call `list[0](x)` and `[&](int x) { return x; }`, a < b and c > d, and/or "e.g." i.e.',
  ])("what the passages hold stays as it is: %s", (text) => {
    expect(safe(text)).toBe(text);
    expect(strays(text)).toEqual([]);
  });

  test("whatever pieces are put together, nothing that Discord makes a link of leads away", () => {
    const piece = fc.constantFrom(
      ...[
        "[",
        "]",
        "(",
        ")",
        "](",
        "[a]",
        ' "https://evil.example/x")',
        "<",
        ">",
        "'",
        '"',
        "@",
        ":",
        "/",
        "\\",
        " ",
        "\n",
        ".",
        "|",
        "`",
        "*",
        "a",
        "!",
      ],
      ...[
        "https://",
        "https://docs.example.com",
        "/setup",
        "https://docs.example.com/setup",
        "https://evil.example",
        "evil.example/x",
      ],
      ...["mailto:", "tel:+15551234567", "me@evil.example", "discord.gg/", "discord.new/abc", "(https://evil.example)"],
      ...["[b](https://docs.example.com/setup)", "[c](https://evil.example)", "steam://", "HTTPS://EVIL.example"],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const out = safe(pieces.join(""));
        expect(strays(out)).toEqual([]);
      }),
      { numRuns: 4_000 },
    );
  });

  test("a source's title is no way out either", () => {
    for (const title of [
      "https://evil.example/x",
      "evil.example/login",
      "join discord.gg/abc",
      "[a](https://evil.example)",
    ]) {
      const [out = ""] = render("a", [{ n: 1, title, url: "https://docs.example.com/setup", passage: "p" }], said);
      expect(out).not.toMatch(/evil\.example\/|https:\/\/evil|discord\.gg/);
      expect(strays(out)).toEqual([]);
    }
  });

  test("a source's link carries no credentials", () => {
    const [out = ""] = render("a", [{ n: 1, title: "T", url: "https://docs@evil.example/", passage: "p" }], said);
    expect(out).not.toContain("evil");
  });
});
