import { expect, test } from "bun:test";
import { readSitemap } from "../../../../src/knowledge/website/sitemap.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("of one sitemap no more addresses are read than the protocol allows, whatever it holds", () => {
  const read = readSitemap(bytes(`<urlset>${"<url><loc>https://a.example/b</loc></url>".repeat(60_000)}</urlset>`));
  expect("locations" in read && read.locations.length).toBe(50_000);
});

test("an address may stand in CDATA and hold XML's entities", () => {
  const read = readSitemap(
    bytes(
      "<urlset><url><loc><![CDATA[https://a.example/b]]></loc></url><loc>https://a.example/?c=1&amp;d=2</loc></urlset>",
    ),
  );
  expect(read).toEqual({ index: false, locations: ["https://a.example/b", "https://a.example/?c=1&d=2"] });
});
