/** The browsers of bench web's live pages, as a process of their own: `readers.ts URL COUNT COOKIE…`. Prints, again and again, how many parts came. */
import { argv, stdout } from "node:process";

const [url = "", count = "0", ...cookies] = argv.slice(2);
const SAID_EVERY_MS = 100;

let events = 0;
setInterval(() => stdout.write(`${events}\n`), SAID_EVERY_MS);
await Promise.all(
  Array.from({ length: Number(count) }, async (_, page) => {
    const stream = await fetch(url, { headers: { cookie: cookies[page % cookies.length] ?? "" } });
    if (!stream.ok) throw new Error(`a page was refused with ${stream.status}`);
    const decoder = new TextDecoder();
    for await (const bytes of stream.body ?? []) if (decoder.decode(bytes).includes("data:")) events++;
  }),
);
