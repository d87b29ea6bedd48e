/** Preloaded into a process whose memory is measured: SIGUSR2 makes it collect its garbage. Our workers do so by themselves when they rest. */
process.on("SIGUSR2", () => Bun.gc(true));

export {};
