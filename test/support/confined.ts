/** A program that the extractor's confinement is tried with: what it may do, as a line of JSON. `secret`: a file of the data directory. */

import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";

const { SECRET: secret = "", PARENT: parent = "", PORT: port = "" } = process.env;

const may = async (work: () => unknown): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
};
const worker = `onmessage = async ({ data }) => {
  const { readFileSync } = await import("node:fs");
  try { readFileSync(data); postMessage(true); } catch { postMessage(false); }
}`;
const readByWorker = () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const thread = new Worker(URL.createObjectURL(new Blob([worker], { type: "text/javascript" })));
  thread.onmessage = ({ data }) => resolve(data === true);
  thread.postMessage(secret);
  return promise;
};
const dial = () => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connect(Number(port), "127.0.0.1", resolve).on("error", reject);
  return promise;
};

const found = {
  own: await may(() => readFileSync(import.meta.path)),
  file: await may(() => readFileSync(secret)),
  later: await may(() => readFile(secret)),
  bun: await may(() => Bun.file(secret).text()),
  worker: await readByWorker(),
  child: await may(() => {
    if (!Bun.spawnSync(["/bin/cat", secret]).success) throw new Error("no");
  }),
  environment: await may(() => readFileSync(`/proc/${parent}/environ`)),
  write: await may(() => writeFileSync(`${secret}.new`, "a")),
  connect: await may(dial),
};
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exit(0);
