import type { ConsumerState, EventTransport, HeldEvent } from './transport.ts';

/** Has a projection handle every event of its types once more, from the first. Refused for effects. */
export const replay = (transport: EventTransport, consumer: string): Promise<void> => transport.requestReplay(consumer);

/** How every consumer stands, by name: the lag is the measure of a deployment's health. */
export const consumerStates = (transport: EventTransport): Promise<readonly ConsumerState[]> => transport.states();

/** What failed until it was given up, longest ago first. */
export const parked = (transport: EventTransport): Promise<readonly HeldEvent[]> => transport.parked();

/** Has a parked event (`evt_…`) tried again, for every consumer that parked it or for one. Gives for how many. */
export const retryParked = (transport: EventTransport, id: string, consumer?: string): Promise<number> =>
  transport.retryParked(id, consumer);
