/** Chromium for tests: the one of this machine. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { lacking } from "./not-run.ts";

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

/** Null where there is none: tests are registered by `needing` then. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) return lacking("Chromium");
  return chromium.launch({ executablePath, args: FLAGS });
}
