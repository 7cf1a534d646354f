const ofTheHeap = /^--(max-semi-space-size|heap-growing-percent|max-old-space-size)=/;

/** What Node was told of the heap when this process was started (bin/storegraph.mjs, or whoever runs main.ts): the processes that it starts are told the same. */
export const heapFlags = (): string[] => process.execArgv.filter((flag) => ofTheHeap.test(flag));
