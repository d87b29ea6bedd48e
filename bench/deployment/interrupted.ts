/** Ctrl-C and SIGTERM as errors, so that a suite over whole processes ends them, its databases and its folders before it exits. */

/** `work`, or a rejection as soon as somebody wants the suite to stop. */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  const asked = Promise.withResolvers<never>();
  const stop = (signal: NodeJS.Signals) =>
    asked.reject(
      Object.assign(new Error(`interrupted by ${signal}; everything it started is ended`), { code: signal }),
    );
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await Promise.race([work, asked.promise]);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
