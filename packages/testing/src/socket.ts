/** One subscription over a WebSocket of its own, in the protocol of graphql-ws. */
export interface Subscribed<Data> {
  /** The next event's data. Throws on errors, and when there will be none. */
  next(): Promise<Data>;
  /** The code that the socket was closed with. */
  readonly closed: Promise<number>;
  stop(): void;
}

interface Message<Data> {
  readonly type: string;
  readonly payload?: { readonly data?: Data; readonly errors?: unknown };
}

/** `url`: of the gateway, http://…; `params`: what says who asks. Resolves when it has been let in. */
export async function subscribeOver<Data>(
  url: string,
  params: Record<string, string>,
  { query, variables = {} }: { query: string; variables?: object },
): Promise<Subscribed<Data>> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const heard: Message<Data>[] = [];
  let waiting: PromiseWithResolvers<Message<Data>> | undefined;
  const { promise: closed, resolve: close } = Promise.withResolvers<number>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message<Data>;
    if (waiting) waiting.resolve(message);
    else heard.push(message);
    waiting = undefined;
  });
  socket.addEventListener('close', ({ code }) => {
    close(code);
    waiting?.reject(new Error(`The socket was closed with ${code}.`));
  });
  const hear = (): Promise<Message<Data>> => {
    const message = heard.shift();
    if (message) return Promise.resolve(message);
    waiting = Promise.withResolvers();
    return waiting.promise;
  };
  const say = (message: object) => socket.send(JSON.stringify(message));

  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('The socket could not be opened.')));
  });
  say({ type: 'connection_init', payload: params });
  const answer = await Promise.race([hear(), closed]);
  if (typeof answer === 'number') throw new Error(`The socket was closed with ${answer}.`);
  say({ id: 'one', type: 'subscribe', payload: { query, variables } });

  const next = async (): Promise<Data> => {
    const { type, payload } = await hear();
    if (type !== 'next' || payload?.errors || !payload?.data) throw new Error(`No event, but ${type}: ${JSON.stringify(payload)}`);
    return payload.data;
  };
  return {
    next,
    closed,
    stop: () => socket.close(1000),
  };
}
