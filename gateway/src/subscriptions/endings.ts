/** How a connection is ended: a WebSocket's close code with its reason, of which the first 123 bytes are told. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/**
 * On 1001, 1012, 1013 and 4403 clients of graphql-ws connect again; on 1009, 4400, 4401, 4409, 4429 and 4500 they give up. So the former end what a client
 * can mend by coming back, the latter what would fail again.
 */
export const endings = {
  expired: { code: 4403, reason: 'The credential has expired.' },
  forbidden: { code: 4403, reason: 'Forbidden' },
  changed: { code: 1012, reason: 'What you may do has changed. Connect again.' },
  unverified: { code: 1013, reason: 'It can not be said at the moment who you are. Try again later.' },
  fellBehind: { code: 1013, reason: 'What there was was not taken in time. Connect again, and go on from the last cursor.' },
  // Not 4429, which says of a protocol's fault that coming back would not mend: who was too fast may come back, and its client waits longer each time.
  tooFast: { code: 1013, reason: 'Too many messages. Connect again, more slowly, and go on from the last cursor.' },
  crowded: { code: 1013, reason: 'Too many connections. Try again later.' },
  lost: { code: 1012, reason: 'A part of the graph was lost. Connect again, and go on from the last cursor.' },
  reloaded: { code: 1012, reason: 'The graph has changed. Connect again, and go on from the last cursor.' },
  closing: { code: 1001, reason: 'The gateway is closing. Connect again, and go on from the last cursor.' },
  unreadable: { code: 4400, reason: 'Invalid message received' },
  longId: { code: 4400, reason: 'The id of the operation is too long.' },
} as const satisfies Record<string, Ending>;

/** Whether a client gets further by coming back with the same credential. */
export const isRetriable = ({ code }: Ending): boolean => code === 1001 || code === 1012 || code === 1013;
