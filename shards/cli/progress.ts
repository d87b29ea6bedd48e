/** A progress bar on standard error: redrawn in place on a terminal, one closing line elsewhere. */

export type Progress = {
  update(state: { readonly done: number; readonly total: number; readonly what?: string }): void;
  end(summary: string): void;
};

const WIDTH = 24;

export function showProgress(title: string): Progress {
  const terminal = process.stderr.isTTY === true;
  return {
    update({ done, total, what = "" }) {
      if (!terminal) return;
      const filled = total === 0 ? 0 : Math.round((done / total) * WIDTH);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      process.stderr.write(`\r\x1b[2K${title} ${bar} ${done}/${total} ${what.slice(-40)}`);
    },
    end(summary) {
      process.stderr.write(`${terminal ? "\r\x1b[2K" : ""}${title}: ${summary}\n`);
    },
  };
}
