/** Notices a peer that is gone without a word: a network that changed, a machine that lost its power. */
export interface Watch {
  /** One thing more has to come back in time. */
  expect(): void;
  /** One of them came back. */
  came(): void;
  /** Something else came: the peer is there, and has as long again for what is expected of it. */
  alive(): void;
  /** Nothing is expected any more. */
  stop(): void;
}

/** `within`: milliseconds. `onSilence` is called when nothing came. */
export function createWatch(within: number, onSilence: () => void): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let expected = 0;
  const wait = (count: number) => {
    clearTimeout(timer);
    expected = count;
    if (expected > 0) timer = setTimeout(onSilence, within);
  };
  return {
    expect: () => wait(expected + 1),
    came: () => wait(Math.max(0, expected - 1)),
    alive: () => wait(expected),
    stop: () => wait(0),
  };
}
