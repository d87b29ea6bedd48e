/**
 * Two plain rankers that ours is held against, on the same passages: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
 * Framework", 2009; k1 and b as in Lucene) and MiniSearch with its defaults. Both get the same words: Snowball stems, and bigrams
 * of Chinese and Japanese. Neither knows stop words or gives a title more weight.
 */
import MiniSearch from "minisearch";
import type { PassageRow } from "../src/knowledge.ts";

/** Passages' positions for a question, best first. */
export type PlainRanker = (question: string, most: number) => readonly number[];

const K1 = 1.2;
const B = 0.75;

/** As the package of stemmers names the languages. */
const SNOWBALL: Readonly<Record<string, string>> = {
  ...{ da: "danish", de: "german", en: "english", es: "spanish", fi: "finnish", fr: "french", it: "italian" },
  ...{ nl: "dutch", no: "norwegian", pt: "portuguese", ru: "russian", sv: "swedish", tr: "turkish" },
};

const SPACELESS = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
const WORD = new RegExp(`(?<pairs>[${SPACELESS}]+)|(?:(?![${SPACELESS}])[\\p{L}\\p{N}\\p{M}_])+`, "gu");

/** The language that most passages are in. */
export function mainLanguage(passages: readonly PassageRow[]): string {
  const counts = new Map<string, number>();
  for (const { language } of passages) if (language !== "und") counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "en";
}

export type Tokenizer = (text: string) => string[];

export async function plainWords(language: string): Promise<Tokenizer> {
  const name = SNOWBALL[language];
  const module = name === undefined ? undefined : await import(`@orama/stemmers/${name}`);
  const stemmer = (module?.stemmer ?? ((word: string) => word)) as (word: string) => string;
  return (text) =>
    [...text.normalize("NFKC").toLocaleLowerCase(language).matchAll(WORD)].flatMap(([word, pairs]) =>
      pairs === undefined ? [stemmer(word)] : pairsOf(pairs),
    );
}

function pairsOf(run: string): string[] {
  const letters = [...run];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

export function plainBm25(passages: readonly PassageRow[], words: Tokenizer): PlainRanker {
  const postings = new Map<string, { readonly passage: number; times: number }[]>();
  const lengths = passages.map((row, passage) => {
    const own = words(`${above(row)}\n${row.text}`);
    for (const word of own) {
      const list = postings.get(word) ?? [];
      postings.set(word, list);
      const last = list.at(-1);
      if (last?.passage === passage) last.times++;
      else list.push({ passage, times: 1 });
    }
    return own.length;
  });
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return (question, most) => {
    const scores = new Map<number, number>();
    for (const word of words(question)) {
      const list = postings.get(word) ?? [];
      const rarity = Math.log(1 + (passages.length - list.length + 0.5) / (list.length + 0.5));
      for (const { passage, times } of list) {
        const norm = K1 * (1 - B + (B * (lengths[passage] ?? 0)) / meanLength);
        scores.set(passage, (scores.get(passage) ?? 0) + (rarity * times * (K1 + 1)) / (times + norm));
      }
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, most)
      .map(([passage]) => passage);
  };
}

export function miniSearch(passages: readonly PassageRow[], words: Tokenizer): PlainRanker {
  const index = new MiniSearch<{ id: number; above: string; text: string }>({
    fields: ["above", "text"],
    tokenize: words,
    processTerm: (word) => word,
  });
  index.addAll(passages.map((row, id) => ({ id, above: above(row), text: row.text })));
  return (question, most) =>
    index
      .search(question)
      .slice(0, most)
      .map(({ id }) => id as number);
}

function above(row: PassageRow): string {
  return [row.title, ...row.headings].join("\n");
}
