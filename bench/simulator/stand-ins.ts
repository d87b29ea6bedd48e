/**
 * What stands beside the simulated Discord: an SMTP sink, and fault proxies before whatever else the product speaks to
 * (Postgres, Redis, Groq). Made on demand, ended together.
 */
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { type SmtpSink, startSmtp } from "./smtp.ts";

/** More are a mistake of a loop, not a test. */
const PROXIES_MAX = 100;

export type StandIns = {
  /** Started when it is first asked for. */
  readonly smtp: () => Promise<SmtpSink>;
  readonly proxies: ReadonlyMap<number, FaultProxy>;
  readonly openProxy: (target: { readonly host: string; readonly port: number }) => Promise<number>;
  readonly closeProxy: (id: number) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function createStandIns(): StandIns {
  const proxies = new Map<number, FaultProxy>();
  let smtp: Promise<SmtpSink> | undefined;
  let opened = 0;

  const closeProxy = async (id: number) => {
    const proxy = proxies.get(id);
    proxies.delete(id);
    await proxy?.stop();
  };

  return {
    smtp() {
      smtp ??= startSmtp();
      return smtp;
    },
    proxies,
    async openProxy(target) {
      if (proxies.size >= PROXIES_MAX) throw new Error(`there are ${PROXIES_MAX} proxies already`);
      opened += 1;
      const id = opened;
      proxies.set(id, await startFaultProxy({ target }));
      return id;
    },
    closeProxy,
    async stop() {
      await Promise.all([...proxies.keys()].map(closeProxy));
      await (await smtp)?.stop();
    },
  };
}
