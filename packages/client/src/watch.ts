/** Notices a peer that is gone without a word: a network that changed, a machine that lost its power. */
export interface Watch {
  /** Something has to come back in time. */
  expect(): void;
  /** Something came back. */
  seen(): void;
}

/** `within`: milliseconds. `onSilence` is called when nothing came. */
export function createWatch(within: number, onSilence: () => void): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    expect() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, within);
    },
    seen() {
      clearTimeout(timer);
    },
  };
}
