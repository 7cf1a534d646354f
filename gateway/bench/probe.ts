// Loaded before the program into each process that is measured: says over IPC what the process has used so far, whatever the program does.

export interface Usage {
  /** Microseconds of CPU, of the program and of the system for it. */
  readonly cpu: number;
  /** The most memory that it ever held, in bytes. */
  readonly peak: number;
}

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpu: user + system, peak: process.resourceUsage().maxRSS * 1024 };
  process.send?.({ usage });
});
