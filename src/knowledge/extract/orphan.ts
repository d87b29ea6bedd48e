/** A thread of the extractor's child: ends the process once its parent is gone, also while a parser keeps the main thread busy. */
import { systemClock } from "../../clock.ts";

const LOOK_MS = 500;

function look(bornTo: number): void {
  // The system gives an orphan another parent.
  if (process.ppid !== bornTo) process.kill(process.pid, "SIGKILL");
  systemClock.after(LOOK_MS, () => look(bornTo));
}

look(process.ppid);
