type Constructor = new (url: string, protocols: string) => { addEventListener(type: 'error', listener: () => void): void };

/**
 * The WebSocket to connect with, by default the one of the browser or of Node. It always has a listener for errors: graphql-ws takes its own away from a socket
 * that it gives up, and one of `ws` that is closed before it is open then tells of an error, which nobody hears: that ends a process.
 */
export function listenedTo(implementation: unknown = (globalThis as { WebSocket?: unknown }).WebSocket): unknown {
  // What is none is graphql-ws's to refuse.
  if (typeof implementation !== 'function') return implementation;
  const Listened = function (url: string, protocols: string) {
    const socket = new (implementation as Constructor)(url, protocols);
    socket.addEventListener('error', () => undefined);
    return socket;
  };
  // For what graphql-ws reads of it: OPEN, CLOSING and the like.
  return Object.setPrototypeOf(Listened, implementation) as unknown;
}
