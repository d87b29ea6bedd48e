/** The pure cores, and for each the tests that should notice a change to it. */
export type Core = {
  /** Paths from the root. */
  readonly files: readonly string[];
  readonly tests: readonly string[];
};

export const CORES: Readonly<Record<string, Core>> = {
  decision: { files: ["src/decision.ts"], tests: ["test/src/decision.test.ts"] },
  spine: {
    files: ["src/pipeline.ts"],
    tests: [
      "test/src/pipeline.test.ts",
      "test/src/smart-mode.test.ts",
      "test/src/pipeline/discovery.test.ts",
      "test/src/agents.test.ts",
    ],
  },
  pipeline: {
    files: within("src/pipeline", "address", "burst", "consider", "decide-line"),
    tests: ["test/src/pipeline.test.ts", "test/src/smart-mode.test.ts", "test/src/pipeline/"],
  },
  question: { files: ["src/pipeline/question.ts"], tests: ["test/src/pipeline/question.test.ts"] },
  "recent-speakers": {
    files: ["src/pipeline/recent-speakers.ts"],
    tests: ["test/src/pipeline/recent-speakers.test.ts"],
  },
  interest: { files: ["src/pipeline/interest.ts"], tests: ["test/src/pipeline/interest.test.ts"] },
  reply: { files: ["src/reply.ts"], tests: ["test/src/reply.test.ts"] },
  split: { files: ["src/reply/split.ts"], tests: ["test/src/reply/split.test.ts", "test/src/reply.test.ts"] },
  memory: { files: ["src/memory.ts"], tests: ["test/src/memory.test.ts"] },
  takeover: { files: ["src/takeover.ts"], tests: ["test/src/takeover.test.ts"] },
  rank: {
    files: within("src/knowledge/search", "rank", "score", "nearness"),
    tests: ["test/src/knowledge/search/rank.test.ts", "test/src/knowledge/search/score.test.ts"],
  },
  answer: {
    files: within("src/answering", "answer"),
    tests: ["test/src/answering/answer.test.ts"],
  },
  look: {
    files: within("src/answering", "look"),
    tests: ["test/src/answering/look.test.ts"],
  },
  compose: {
    files: within("src/answering", "compose"),
    tests: ["test/src/answering/compose.test.ts"],
  },
  citations: {
    files: within("src/answering", "citations"),
    tests: ["test/src/answering/citations.test.ts"],
  },
  facts: {
    files: within("src/answering", "facts"),
    tests: ["test/src/answering/facts.test.ts"],
  },
  session: {
    files: [
      "shards/gateway/session.ts",
      ...within("shards/gateway/session", "heartbeat", "moves", "send-queue", "sequence", "state", "timing"),
    ],
    tests: ["test/shards/gateway/session.test.ts", "test/shards/gateway/session/"],
  },
  identify: { files: ["shards/gateway/identify.ts"], tests: ["test/shards/gateway/identify.test.ts"] },
  lanes: { files: ["shards/worker/lanes.ts"], tests: ["test/shards/worker/lanes.test.ts"] },
  guard: { files: ["src/moderation/guard.ts"], tests: ["test/src/moderation/guard.test.ts"] },
  "web-guard": { files: ["web/guard.ts"], tests: ["test/web/admission.test.ts"] },
};

function within(folder: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${folder}/${name}.ts`);
}
