/** Tells the team of members who want a person: tasks of the outbox, each claimed by one process, and reminders. */
import { createEscalationTeller, TELLING_KINDS } from "../escalation.ts";
import type { Job } from "../jobs.ts";
import { inRequest } from "../request.ts";
import type { Services } from "../services.ts";

const LOOK_MS = 15_000;
const LEASE_MS = 90_000;
const TASKS_MAX = 10;

export function createEscalationJobs(services: Services): readonly Job[] {
  const escalations = createEscalationTeller(services);
  return [
    {
      ...{ name: "escalations", everyMs: LOOK_MS, scope: "process", deadlineMs: 120_000 },
      async run(signal) {
        for (;;) {
          const tasks = await services.store.outbox.claim(TELLING_KINDS, { limit: TASKS_MAX, leaseMs: LEASE_MS });
          await Promise.all(
            tasks.map((task) =>
              inRequest(task.request, () =>
                escalations.tell(task).catch((error: unknown) => {
                  services.logger.warn({ guild: task.guild, key: task.key, error }, "team-not-told");
                }),
              ),
            ),
          );
          if (tasks.length < TASKS_MAX || signal.aborted) return;
        }
      },
    },
    {
      ...{ name: "escalation-reminders", everyMs: 60_000, scope: "cluster", deadlineMs: 60_000 },
      run: () => escalations.remind(),
    },
  ];
}
