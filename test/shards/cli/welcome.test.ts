import { describe, expect, test } from "bun:test";
import { welcome } from "../../../shards/cli/welcome.ts";
import { AppError } from "../../../src/errors.ts";
import { createLogger } from "../../../src/logger.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const URL = "http://127.0.0.1:3000";
const lost = () => new AppError("unknown-outcome", "PostgreSQL's answer to a write was lost");

/** What is printed where the store fails so many times, and how long it takes. */
async function printed(failures: number, error: () => Error = lost) {
  const clock = simulatedClock(1);
  const logger = createLogger({ level: "silent", format: "json" });
  const beganAtMs = clock.now();
  let asked = 0;
  let text = "";
  const signInLink = async () => {
    if (asked++ < failures) throw error();
    return `${URL}/sign-in/${asked}`;
  };
  const done = welcome({ url: URL, signInLink }, { clock, logger }, (more) => {
    text += more;
  });
  const settled = done.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, clock.advance(500).then(() => false)])));
  await done;
  return { text, asked, tookMs: clock.now() - beganAtMs };
}

describe("after a start", () => {
  test("the dashboard's address and one link are printed", async () => {
    expect(await printed(0)).toMatchObject({
      text: `Dashboard: ${URL}\nSign in (the link works once): ${URL}/sign-in/1\n`,
      asked: 1,
    });
  });

  test("a store that is slow holds up the link: another one is made, a little later each time", async () => {
    const { text, asked, tookMs } = await printed(2);
    expect(text).toBe(`Dashboard: ${URL}\nSign in (the link works once): ${URL}/sign-in/3\n`);
    expect(asked).toBe(3);
    expect(tookMs).toBeGreaterThanOrEqual(3_000);
    expect(tookMs).toBeLessThan(4_500);
  });

  test("after five tries it is said that there is none, and the process goes on", async () => {
    const { text, asked } = await printed(99);
    expect(text).toContain("No sign-in link could be made");
    expect(asked).toBe(5);
  });

  test("a bug is one", async () => {
    await expect(printed(1, () => new TypeError("undefined is not a function"))).rejects.toThrow("undefined");
  });
});
