/** Markup as a value: what goes in stays text, whatever it is and wherever it stands. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { attributes, html, link, safeUrl, trusted } from "../../web/html.ts";

describe("html", () => {
  test("escapes in text and in attributes", () => {
    const evil = `"><script>alert('1')</script>&\``;
    expect(String(html`<p title="${evil}">${evil}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#96;">&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#96;</p>',
    );
  });

  test("markup goes into text as it is, lists are joined, nothing is nothing", () => {
    const items = ["<b>", "c"].map((text) => html`<li>${text}</li>`);
    expect(String(html`<ul>${items}${null}${undefined}${false}${0}</ul>`)).toBe(
      "<ul><li>&lt;b&gt;</li><li>c</li>0</ul>",
    );
    expect(String(html`${trusted("<i></i>")}`)).toBe("<i></i>");
  });

  test("whatever the text, no tag and no attribute comes of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const out = String(html`<a title="${text}">${text}</a>`);
        const inner = out.slice('<a title="'.length, -"</a>".length);
        expect(inner.replace('">', "")).not.toMatch(/[<>"'`]/);
      }),
    );
  });

  test("a link leads to the web, to a mail or to a path of our own, and nowhere else", () => {
    for (const url of [
      "https://a.example/x?y=1#z",
      "http://a.example",
      "/guilds/1",
      "#part",
      "?q=1",
      "mailto:a@b.example",
      "",
    ]) {
      expect(safeUrl(url)).toBe(url);
    }
    for (const url of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      " javascript:alert(1)",
      "java\tscript:alert(1)",
      "\u0001javascript:alert(1)",
      "data:text/html,<script>1</script>",
      "vbscript:x",
      "file:///etc/passwd",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "blob:x",
    ]) {
      expect([url, safeUrl(url)]).toEqual([url, "#"]);
    }
    expect(String(html`<a href="${"javascript:alert(1)"}">x</a>`)).toBe('<a href="#">x</a>');
    expect(String(attributes({ href: "javascript:alert(1)" }))).toBe(' href="#"');
  });

  test("a value inside an address is one part of it", () => {
    expect(String(html`<a href="/guilds/${"1/../2?x=<"}">x</a>`)).toBe('<a href="/guilds/1%2F..%2F2%3Fx%3D%3C">x</a>');
    expect(link("/a", { q: "ı & x", none: "", no: false })).toBe("/a?q=%C4%B1+%26+x");
  });

  test("places where no escaping is enough are refused", () => {
    const value = "x";
    expect(() => html`<script>${value}</script>`).toThrow();
    expect(() => html`<style>${value}</style>`).toThrow();
    expect(() => html`<p onclick="${value}">x</p>`).toThrow();
    expect(() => html`<p style="${value}">x</p>`).toThrow();
    expect(() => html`<p hx-on:click="${value}">x</p>`).toThrow();
    expect(() => html`<p class=${value}>x</p>`).toThrow();
    expect(() => html`<p ${value}>x</p>`).toThrow();
    expect(() => html`<p title="${html`<b></b>`}">x</p>`).toThrow();
    expect(() => html`<p title='${value}'>x</p>`).toThrow();
    expect(() => attributes({ onclick: "x" })).toThrow();
    expect(() => attributes({ style: "x" })).toThrow();
    expect(() => attributes({ "a b": "x" })).toThrow();
  });

  test("attributes: true is bare, false and null are none", () => {
    expect(String(html`<input${attributes({ checked: true, disabled: false, name: 'a"b', title: null })} />`)).toBe(
      '<input checked name="a&quot;b" />',
    );
  });
});
