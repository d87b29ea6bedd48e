import { describe, expect, test } from "bun:test";
import { fixedKnowledge } from "../../../src/knowledge.ts";
import { rankPieces } from "../../../src/llm/pieces.ts";
import { unitsOf } from "../../../src/llm/units.ts";

/** The pieces of one page, best first. */
async function piecesOf(question: string, text: string, title = "Page") {
  const knowledge = await fixedKnowledge([
    { id: "page", title, text, url: null },
    { id: "other", title: "Another", text: "Ships sail at night. Bread is baked in the morning.", url: null },
  ]);
  const found = knowledge.retrieve(question, 8);
  const passages = found.passages.map(({ passage }) => passage);
  const how = { history: [], channel: [], language: "en", instructions: "", botName: "" };
  const task = { task: "answer", question, passages, found, ...how } as const;
  return rankPieces(
    task,
    passages,
    passages.map((passage) => unitsOf(passage.text)),
  );
}

const first = async (question: string, text: string, title?: string) =>
  (await piecesOf(question, text, title))[0]?.units[0]?.text;

const WAYS = "| Way | Effort |\n| --- | --- |\n| Relay | 2 minutes |\n| VPN (WireGuard, Tailscale) | 20 minutes |";

describe("the best piece", () => {
  test("is the row that the question names, also where its name goes on in brackets", async () => {
    const [relay] = await piecesOf("how much effort is relay", WAYS);
    expect(relay).toMatchObject({ named: true, units: [{ name: "Relay" }] });
    const [vpn] = await piecesOf("how much effort is a vpn", WAYS);
    expect(vpn).toMatchObject({ named: true, units: [{ name: "VPN (WireGuard, Tailscale)" }] });
  });

  test("is found by another word for the same", async () => {
    const text = "A plan may be paused. The price of a plan is fixed for a year. A plan has many sensors.";
    expect(await first("what does a plan cost", text)).toContain("price");
  });

  test("says what the thing is, where that is asked", async () => {
    const text =
      "Many people like a keeper. Ask the keeper when a keeper is there. A keeper is a person who may do all.";
    expect(await first("what is a keeper", text)).toBe("A keeper is a person who may do all.");
  });

  test("does not ask back", async () => {
    const text = "How do I send a form to a page? Use a library for the form.";
    expect(await first("send a form to a page", text)).toBe("Use a library for the form.");
  });
});
