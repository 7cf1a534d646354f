import { Presets, SingleBar } from 'cli-progress';

/** A bar on the terminal's standard error; silent where that is no terminal. */
export function progressBar(): { update(done: number, total: number): void; stop(): void } {
  const bar = new SingleBar(
    { format: '  {bar} {percentage} % · {duration_formatted}', hideCursor: true, clearOnComplete: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update: (done, total) => {
      if (started) bar.update(done);
      else bar.start(total, done);
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}
