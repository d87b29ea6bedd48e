/** Chromium for tests: the one of this machine. Without it the suite says that it did not run, and CI fails. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Null, said on stdout, where there is none. */
export async function openBrowser(suite: string): Promise<Browser | null> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    process.stdout.write(`did not run: ${suite} (no Chromium)\n`);
    if (Bun.env.CI === "true") throw new Error("CI needs a Chromium");
    return null;
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
