import { describe, expect, test } from "bun:test";
import type { PassageRow } from "../../../src/knowledge.ts";
import { createExtractive, quotesFor } from "../../../src/llm/extractive.ts";
import type { AnswerTask } from "../../../src/llm.ts";
import { passage } from "../../support/build.ts";

const SETUP = passage(
  "Pairing is done once.\n\n1. Hold the button for 3 seconds.\n2. Pull the tab out of the sensor.\n3. Wait for two chirps.\n\nSeveral sensors may be paired in one window.",
  { title: "Pair sensors", headings: ["The normal way"] },
);
const TROUBLE = passage(
  "| What you see | Reason | Do |\n| --- | --- | --- |\n| No chirp at all | empty battery | check with a fresh battery |\n| One long chirp | region mismatch (ML-207) | compare the labels |",
  { title: "When it will not pair" },
);
const REFUNDS = passage(
  "Yearly plans are refunded within 30 days, monthly plans within 14 days. Money goes back the way it came.",
  { title: "Billing and refunds" },
);
const BACKUP = passage("Make a backup first:\n\n```bash\nmoorlark backup now\n```\n\nThen stop the server.", {
  title: "Move the server",
});
const TURKISH = passage("Yıllık planlar 30 gün içinde iade edilir.", { title: "İade", language: "tr" });
const ALL = [SETUP, TROUBLE, REFUNDS, BACKUP, TURKISH];

async function ask(question: string, passages: readonly PassageRow[] = ALL, language = "en") {
  const task: AnswerTask = {
    task: "answer",
    question,
    passages,
    history: [],
    channel: [],
    language,
    instructions: "",
    botName: "Gatehouse",
  };
  return (await createExtractive().complete(task, { deadlineMs: 1_000 })).result;
}

describe("an extractive answer", () => {
  test("gives all steps of a procedure, in order, with their source", async () => {
    const { answer, used } = await ask("How do I pair a sensor?");
    expect(answer).toContain(
      "> 1. Hold the button for 3 seconds.\n> 2. Pull the tab out of the sensor.\n> 3. Wait for two chirps.",
    );
    expect(used[0]).toBe(1);
  });

  test("reads through slips, and answers what a long message asks", async () => {
    expect((await ask("hwo do i piar a sensro")).answer).toContain("Hold the button for 3 seconds");
    const story =
      "Last week we moved, and the backup of my server, made before, lies on the old disk with the pictures. ";
    const { answer } = await ask(`${story.repeat(3)}When are yearly plans refunded?`);
    expect(answer).toContain("refunded within 30 days");
    expect(answer).not.toContain("backup");
  });

  test("gives the one row of a table that speaks to the question", async () => {
    const { answer, used } = await ask("What does ML-207 mean?");
    expect(answer).toContain("> **One long chirp**: Reason: region mismatch (ML-207) — Do: compare the labels [2]");
    expect(answer).not.toContain("fresh battery");
    expect(used).toEqual([2]);
  });

  test("gives the entry of a code that was named, not only the place that mentions it", async () => {
    const mention = passage("Forget the hub first. Otherwise the next owner of the hub sees ML-409.", {
      title: "Sell a hub",
    });
    const codes = passage(
      "ML-401: token refused\n\nLink again.\n\nML-409: in another account\n\nThe previous owner has not released it.\n\nML-429: too many requests\n\nWait.",
      { title: "Error codes", headings: ["ML-401: token refused"] },
    );
    const { answer } = await ask("ML-409 when I add a used hub", [mention, codes]);
    expect(answer).toContain("> The previous owner has not released it. [2]");
    expect(answer).not.toContain("Link again");
  });

  test("knows a code by a hyphen, by a space and by neither, on both sides", async () => {
    const together = passage(
      "The radio found nothing for a minute.\n\nML-207: region mismatch\n\nTwo regions met.\n\nML-210: hub full\n\nForget a sensor.",
      { title: "Error codes", headings: ["ML-207: region mismatch"] },
    );
    const apart = passage(
      "KX 501: disk full\n\nDelete old films.\n\nKX 503: disk locked\n\nStop the second recorder.",
      {
        title: "Recorder",
      },
    );
    for (const question of ["ML-207 on my hub", "ml207 on my hub", "ml 207 on my hub", "what is ML 207?"]) {
      const { answer } = await ask(question, [together, apart]);
      expect(answer).toContain("> Two regions met. [1]");
      expect(answer).not.toContain("radio found nothing");
    }
    for (const question of ["kx-503", "what does KX503 mean", "KX 503"])
      expect((await ask(question, [together, apart])).answer).toContain("> Stop the second recorder. [2]");
    expect(await ask("region ml 104", [passage("ML-101: port.\n\nML-102: region.\n\nML-110: date.")])).toMatchObject({
      known: false,
    });
    const days = passage("Refunds within 30 days, in 20 days with a card, in 40 by mail.");
    expect(await ask("do I get a refund in 10 days", [days])).toMatchObject({ known: true });
  });

  test("quotes a whole table for a comparison of its columns and for what there is of its kind, and nothing besides", async () => {
    const plans = passage(
      "| | Egg | Hen |\n| --- | --- | --- |\n| Price | free | €11 |\n| Pens | 1 | 8 |\n| Eggs a day | 0 | 5 |\n| Feed | no | yes |",
      { title: "Costs", headings: ["Plans"] },
    );
    const change = passage("Change your plan under Settings. Plans change at once.", { title: "Plans and changes" });
    for (const question of ["egg vs hen", "what plans are there"]) {
      const { answer, used } = await ask(question, [change, plans]);
      expect(answer).toContain(
        "> **Price**: Egg: free — Hen: €11\n> **Pens**: Egg: 1 — Hen: 8\n> **Eggs a day**: Egg: 0 — Hen: 5\n> **Feed**: Egg: no — Hen: yes [2]",
      );
      expect(used).toEqual([2]);
    }
  });

  test("takes a request for what it asks, not for the words around it", () => {
    const asked = { task: "answer", history: [], channel: [], instructions: "", botName: "Gatehouse" } as const;
    const quoted = quotesFor({ ...asked, question: "is there a way to pair a sensor?", passages: ALL, language: "en" });
    expect(quoted?.question).toBe("how to pair a sensor?");
  });

  test("gives the sentences with the amount that was asked for", async () => {
    const { answer, used } = await ask("how long do I have to get a refund for the yearly plan");
    expect(answer).toContain("refunded within 30 days");
    expect(used).toContain(3);
  });

  test("shows code together with the sentence that introduces it", async () => {
    const { answer } = await ask("how do I make a backup before I move the server");
    expect(answer).toContain("> Make a backup first:\n> ```bash\n> moorlark backup now\n> ```");
  });

  test("quotes prose on to the sentence that answers, which holds none of the question's words", async () => {
    const slow = passage(
      "Usually the server starts very quickly, but occasionally it suddenly takes a long time.\n\nThe cause may be a virus scanner that looks at every read.",
      { title: "Starting" },
    );
    const { answer } = await ask("why does the server suddenly start slowly", [slow]);
    expect(answer).toContain("virus scanner");
  });

  test("quotes what the ranking puts first, not what shares more words further down", async () => {
    const first = passage("PyRun_String analyses an expression and gives back its value.", { title: "" });
    const other = passage("A function in C gives its value back by a pointer.", {
      title: "",
    });
    const { used } = await ask("which function of C evaluates an expression", [first, other]);
    expect(used[0]).toBe(1);
  });

  test("reads a short sentence that ends in a Japanese full stop as a sentence, not as a heading", async () => {
    const origin = passage(
      "このアイデアは Modula-3 から取り入れられました。\n\nまず、属性を扱っていることが明確になります。",
      {
        language: "ja",
        title: "",
      },
    );
    const { answer } = await ask("このアイデアはどこから来ましたか", [origin], "ja");
    expect(answer).toContain("Modula-3");
  });

  test("shows what a paragraph that ends with a colon leads to", async () => {
    const school = passage(
      "Networks of schools keep devices from seeing each other. In such a network:\n\n1. Plug the hub in by cable.\n2. Add it by its address.",
      { title: "At school" },
    );
    const { answer } = await ask("devices do not see each other at our school", [school]);
    expect(answer).toContain("In such a network:\n> 1. Plug the hub in by cable.\n> 2. Add it by its address. [1]");
  });

  test("prefers the asker's language, and frames its quotes in it", async () => {
    const { answer } = await ask("yıllık plan iade edilir mi", ALL, "tr");
    expect(answer.startsWith("Bilgi tabanında şöyle yazıyor:\n\n> Yıllık planlar 30 gün içinde iade edilir.")).toBe(
      true,
    );
  });

  test("is short: quotes, not pages", async () => {
    const long = passage(
      Array.from({ length: 80 }, (_, n) => `Sentence ${n} speaks of pairing a sensor at length.`).join(" "),
    );
    expect((await ask("How is a sensor paired?", [long, long, long])).answer.length).toBeLessThan(1_500);
  });

  test("is not given to a price by what names none", async () => {
    const plans = passage("Nest costs €4 a month.", { title: "Plans" });
    const dates = passage("The Nest plan of version 4 came on 5 May 2026.", { title: "Release notes" });
    expect((await ask("how much does the Nest plan cost?", [dates, plans])).answer).toContain(
      "> Nest costs €4 a month. [2]",
    );
    expect(await ask("how much does the Nest plan cost?", [dates])).toMatchObject({ known: false });
  });

  test("is not given of a version, or of a listed code, that the passages do not name", async () => {
    const upgrade = passage("Upgrade the server from version 3 to 4 after a backup. Since 4.2 it takes a minute.");
    for (const version of ["3", "4", "4.2"])
      expect(await ask(`how do I upgrade the server to version ${version}`, [upgrade])).toMatchObject({ known: true });
    for (const version of ["5", "4.3", "2"])
      expect(await ask(`how do I upgrade the server to version ${version}`, [upgrade])).toMatchObject({ known: false });
    const codes = passage("ML-101: port in use.\n\nML-102: invalid.\n\nML-110: certificate expired.");
    expect((await ask("what is ml102", [codes])).answer).toContain("invalid");
    expect(await ask("certificate ML-104 expired", [codes])).toMatchObject({ known: false });
    expect(await ask("port in use, is it IP67", [codes])).toMatchObject({ known: true });
  });

  test("is not given where the passages hold nothing of the question", async () => {
    expect(await ask("who won the world cup")).toMatchObject({ known: false, answer: "", used: [] });
    expect(await ask("", [])).toMatchObject({ known: false });
  });
});

describe("a follow-up without a model", () => {
  const rewritten = async (question: string, ...said: readonly string[]) => {
    const history = said.flatMap((text) => [
      { role: "member", author: "Ada", text } as const,
      { role: "bot", author: "Gatehouse", text: "> Hold the button." } as const,
    ]);
    const task = { task: "rewrite", question, history, language: "en" } as const;
    return (await createExtractive().complete(task, { deadlineMs: 1_000 })).result.question;
  };

  test("has the words of what it follows, and asks what it asks itself", async () => {
    expect(await rewritten("and how long is that window open?", "How do I open the pairing window?")).toBe(
      "and how long is that window open? open the pairing window?",
    );
    expect(await rewritten("ve ne kadar sürer?", "Sensör nasıl eşlenir?")).toBe("ve ne kadar sürer? Sensör eşlenir?");
    expect(await rewritten("and on Windows?", "How do I install the CLI?")).toBe(
      "and on Windows? How do I install the CLI?",
    );
  });

  test("of a follow-up goes back to the question that both go on from", async () => {
    const chain = ["How do I open the pairing window?", "and on Windows?", "and with two hubs?"];
    expect(await rewritten("and how long is that open?", "Where is my bill?", ...chain)).toBe(
      "and how long is that open? and with two hubs? and on Windows? open the pairing window?",
    );
  });
});
