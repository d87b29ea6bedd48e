/** One worker thread: services with main's ports behind them, and the pipeline over those. Started by the pool only. */
import type { Config } from "../src/config.ts";
import { createPipeline, warmUp } from "../src/pipeline.ts";
import { createWorkerServices } from "../src/services.ts";
import { serveWorker } from "./worker/port.ts";

serveWorker(async ({ config, call, listen, board }) => {
  const services = await createWorkerServices(config as Config, call, listen);
  warmUp();
  return { pipeline: createPipeline(services, { board }), close: () => services.close() };
});
