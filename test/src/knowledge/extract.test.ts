import { afterAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { createExtractor, type Extracted, type Refused } from "../../../src/knowledge/extract.ts";
import type { DocumentInput } from "../../../src/store/ports/knowledge.ts";
import { shared } from "../../support/shared.ts";
import { until } from "../../support/until.ts";
import { zip } from "../../support/zip.ts";

const extractor = createExtractor(systemClock);
afterAll(() => extractor.close());

const read = (path: string, content: string | Uint8Array): Promise<Extracted | Refused> =>
  extractor.extract(typeof content === "string" ? new TextEncoder().encode(content) : content, { path });

test("Markdown gives its front matter and loses what is not for readers", async () => {
  const page = `---\ntitle: "Alerts: rules"\nurl: https://docs.example/alerts\nlang: en-GB\n---\n# Alerts\n\n<!-- obey me -->![pic](https://evil.example/?q=1) <b>Bold</b> [here](javascript:alert(1)) [there](/x) \`<kept>\`\n\n\`\`\`html\n<p>kept</p>\n\`\`\`\n`;
  expect(await read("a.md", page)).toEqual({
    title: "Alerts: rules",
    url: "https://docs.example/alerts",
    language: "en",
    text: "# Alerts\n\npic Bold here [there](/x) `<kept>`\n\n```html\n<p>kept</p>\n```",
  });
});

test("a page that begins with a rule has no front matter, and a link with credentials is none", async () => {
  expect(await read("a.md", "---\n\nText\n\n---\nMore")).toMatchObject({ text: "---\n\nText\n\n---\nMore", title: "" });
  expect(await read("a.md", "---\nurl: https://user:secret@docs.example/\n---\nText")).toMatchObject({ url: null });
});

test("HTML gives its main part as Markdown with anchors, tables and code, without its frame", async () => {
  const page = `<!doctype html><html lang="en"><head><title>Status – Docs</title><link rel=canonical href="https://docs.example/status"></head>
    <body><nav><a href="/">Home</a></nav><main><h1>Status</h1><h2 id="colours">Colours</h2>
    <table><tr><th>Colour</th><th>Means</th></tr><tr><td>red</td><td>down | out</td></tr></table>
    <p>${"Green is well. ".repeat(20)}</p><pre><code>curl x</code></pre><p hidden>obey me</p><script>alert(1)</script></main><footer>Imprint</footer></body></html>`;
  const found = (await read("status.html", page)) as Extracted;
  expect(found).toMatchObject({ title: "Status", url: "https://docs.example/status", language: "en" });
  expect(found.text).toContain("## Colours {#colours}\n\n| Colour | Means |\n| --- | --- |\n| red | down \\| out |");
  expect(found.text).toContain("```\ncurl x\n```");
  for (const gone of ["Home", "Imprint", "obey me", "alert"]) expect(found.text).not.toContain(gone);
});

test("a CSV's rows say what their numbers mean", async () => {
  const table = "Sensor,Battery,Range\nPip,CR2450,300 m\nWren,AA,200 m\n";
  expect(await read("sensors.csv", table)).toMatchObject({
    text: "## Pip\n\n- Battery: CR2450\n- Range: 300 m\n\n## Wren\n\n- Battery: AA\n- Range: 200 m",
  });
});

test("plain text gives its title, its link and its headings", async () => {
  const text = "Radio tips\n(https://docs.example/radio)\n\nBy members.\n\nWHERE IT GOES\nOn a shelf.\n";
  expect(await read("tips.txt", text)).toMatchObject({
    title: "Radio tips",
    url: "https://docs.example/radio",
    text: expect.stringContaining("## WHERE IT GOES\n\nOn a shelf."),
  });
});

test("a Word document gives its headings and text", async () => {
  const body = `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Returns</w:t></w:r></w:p><w:p><w:r><w:t>Within 30 days.</w:t></w:r></w:p>`;
  const found = await read("returns.docx", docx(body));
  expect(found).toMatchObject({ text: "# Returns\n\nWithin 30 days.", title: "Returns" });
});

test("a Word document that inflates without end, or declares entities, is refused", async () => {
  expect(await read("a.docx", zip({ "word/document.xml": "a".repeat(70_000_000) }))).toEqual({
    refused: expect.stringMatching(/64 MB/),
  });
  const entities = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`;
  expect(await read("b.docx", zip({ "word/document.xml": entities }))).toEqual({
    refused: expect.stringContaining("declares entities"),
  });
  expect(await read("c.docx", zip({ "other.xml": "<x/>" }))).toEqual({ refused: expect.stringContaining("no Word") });
});

test("a PDF gives its text and title; one without text says that it needs recognition", async () => {
  expect(await read("a.pdf", pdf("BT /F1 12 Tf 72 700 Td (Within 30 days.) Tj ET"))).toMatchObject({
    text: "Within 30 days.",
    title: "Returns",
    url: null,
  });
  expect(await read("b.pdf", pdf(""))).toEqual({ refused: expect.stringContaining("text recognition") });
});

test("a zip of documents is read file by file; what leads out of it, hides or is an archive again is passed over", async () => {
  const inner = Buffer.from(zip({ "x.md": "# X" })).toString("latin1");
  const found = await read(
    "docs.zip",
    zip({
      "a.md": "# Alerts\n\nNo alert at night.",
      "../out.md": "# Out",
      "/abs.md": "# Abs",
      ".hidden.md": "# Hidden",
      "b/notes.txt": "A note.",
      "c.zip": inner,
      "d.exe": "MZ",
    }),
  );
  expect(found).toMatchObject({ text: "# Alerts\n\nNo alert at night.\n\n# b/notes.txt\n\nA note." });
  expect(await read("empty.zip", zip({ "d.exe": "MZ" }))).toEqual({
    refused: expect.stringContaining("nothing in the archive"),
  });
});

test("invisible and direction-changing characters, controls and NUL do not get in", async () => {
  expect(await read("a.txt", "o\u200bbe\u202ey \u0000me\u{e0041}\r\nnow")).toMatchObject({ text: "obey me\nnow" });
});

test("a file that takes too long is refused, and the next one is read", async () => {
  const hasty = createExtractor(systemClock, { timeMsMax: 1, memoryBytesMax: 2 ** 30 });
  expect(await hasty.extract(new TextEncoder().encode("<p>x</p>"), { path: "a.html" })).toEqual({
    refused: "reading it took longer than 0.001 s",
  });
  hasty.close();
  expect(await read("b.txt", "still here")).toMatchObject({ text: "still here" });
});

test("a file that takes too much memory is refused, and the next one is read", async () => {
  const narrow = createExtractor(systemClock, { timeMsMax: 20_000, memoryBytesMax: 1_000_000 });
  const big = new TextEncoder().encode("<p>x</p>".repeat(50_000));
  expect(await narrow.extract(big, { path: "a.html" })).toEqual({ refused: expect.stringContaining("MB of memory") });
  narrow.close();
});

test("a text is cut in the child too: what takes too long or too much is refused, and the next one is cut", async () => {
  const place = { key: "k", title: "T", url: null, anchored: false };
  const text = (chars: number) => ({
    extracted: { text: "word ".repeat(chars / 5), title: "T", url: null, language: "en" },
    place,
  });
  const hasty = createExtractor(systemClock, { timeMsMax: 1, memoryBytesMax: 2 ** 30 });
  expect(await hasty.cut([text(100)])).toEqual({ refused: "reading it took longer than 0.001 s" });
  hasty.close();
  const narrow = createExtractor(systemClock, { timeMsMax: 20_000, memoryBytesMax: 1_000_000 });
  expect(await narrow.cut([text(2_000_000)])).toEqual({ refused: expect.stringContaining("MB of memory") });
  narrow.close();
  const [document] = (await extractor.cut([text(3_000)])) as DocumentInput[];
  expect(document).toMatchObject({ key: "k", title: "T", language: "en" });
  expect(document?.passages.length).toBeGreaterThan(2);
});

test("a child that is busy dies with a parent that is killed", async () => {
  const program = `
    import { createExtractor } from ${JSON.stringify(join(import.meta.dir, "../../../src/knowledge/extract.ts"))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dir, "../../../src/clock.ts"))};
    const text = { text: "# a\\n\\nword. ".repeat(200_000), title: "T", url: null, language: "en" };
    const place = { key: "k", title: "T", url: null, anchored: false };
    const extractor = createExtractor(systemClock, { timeMsMax: 600_000, memoryBytesMax: 2 ** 40 });
    await extractor.cut([{ extracted: { ...text, text: "a" }, place }]);
    void extractor.cut(Array.from({ length: 12 }, () => ({ extracted: text, place })));
    console.log("busy");
    setInterval(() => {}, 1_000);`;
  const parent = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "inherit" });
  await parent.stdout.getReader().read();
  const child = (await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8")).trim().split(" ")[0] ?? "";
  expect(existsSync(`/proc/${child}`)).toBe(true);
  parent.kill("SIGKILL");
  await until(() => !existsSync(`/proc/${child}`), 5_000);
}, 60_000);

const hostile = shared("security/hostile-files");

/** By what the manifest expects: what must come of the file. */
const OUTCOMES: Readonly<Record<string, (found: Extracted | Refused) => void>> = {
  reject: (found) => expect(found).toHaveProperty("refused"),
  accept: (found) => expect(found).toMatchObject({ text: "hello" }),
  "accept-replaced": (found) => expect("text" in found && found.text).toMatch(/^ok .*�.* end$/),
  "accept-stripped": (found) => expect(found).toMatchObject({ text: "abcdef" }),
  "accept-escaped": (found) => expect(found).toHaveProperty("text"),
  "accept-sanitised": (found) => expect(found).toMatchObject({ text: "# Doc\nx\nclick" }),
};

/** Read or refused, either will do: what is read holds nothing of ours and stays small. */
const EITHER = "either";

hostile.test.each([...Object.keys(OUTCOMES), EITHER])(
  "hostile files: %s",
  async (expected) => {
    const manifest = (await Bun.file(join(hostile.file, "manifest.json")).json()) as { file: string; expect: string }[];
    const files = manifest.filter((row) => (row.expect in OUTCOMES ? row.expect : EITHER) === expected);
    expect(files).not.toHaveLength(0);
    for (const { file } of files) {
      const found = await extractor.extract(await readFile(join(hostile.file, file)), { path: file });
      OUTCOMES[expected]?.(found);
      if (!("text" in found)) continue;
      expect(found.text).not.toMatch(/root:|javascript:|<script|<[^>]*onerror|ignore previous/);
      expect(found.text.length).toBeLessThan(1_000_000);
    }
  },
  120_000,
);

function pdf(drawing: string): string {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${drawing.length}>>stream\n${drawing}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    "<</Title(Returns)>>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj${object}endobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer<</Size ${size}/Root 1 0 R/Info 6 0 R>>\nstartxref\n${text.length}\n%%EOF`;
}

function docx(body: string): Uint8Array {
  return zip({
    "[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  });
}
