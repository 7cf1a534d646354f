import { deriveSecrets } from '@storegraph/auth';
import { OperatorError } from '@storegraph/core';
import { loginUrl } from '@storegraph/database';
import { createPostgresTransport, parked, replay, retryParked, type EventTransport } from '@storegraph/events';
import { print } from '../output.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';

/** Shows what reactions could not handle, tries it again, or has a projection rebuilt from the log. The running processes do the work. */
export async function eventsCommand(action: string, name: string | undefined, options: CommonOptions): Promise<number> {
  switch (action) {
    case 'parked':
      return withEvents(options, listParked);
    case 'retry':
      return withEvents(options, async (transport) => {
        const count = await retryParked(transport, needed(name, 'the id of a parked event'));
        if (count === 0) throw new OperatorError(`No event ${name ?? ''} is parked.`, '`events parked` lists those that are.');
        print(`Tried again by ${count} consumer${count === 1 ? '' : 's'}.`);
      });
    case 'replay':
      return withEvents(options, async (transport) => {
        await replay(transport, needed(name, 'the name of a projection'));
        print('The projection is rebuilt from the first event on.');
      });
    default:
      throw new OperatorError(`"${action}" can not be done with events.`, 'Known: parked, retry ID, replay CONSUMER.');
  }
}

async function listParked(transport: EventTransport): Promise<void> {
  const events = await parked(transport);
  if (events.length === 0) print('Nothing is parked.');
  for (const event of events) {
    print(
      `${event.id}  ${event.type}  ${event.consumer}  ${event.attempts} attempts, ${event.waiting} waiting behind it  ${event.error ?? ''}`,
    );
  }
}

async function withEvents(options: CommonOptions, work: (transport: EventTransport) => Promise<void>): Promise<number> {
  const at = await deployment(options);
  const prefix = at.settings.STOREGRAPH_ROLE_PREFIX;
  await using closing = new AsyncDisposableStack();
  const server = await databaseServer(at, { visit: true });
  closing.defer(() => server.stop());
  const url = loginUrl({ adminUrl: server.adminUrl, prefix, secret: deriveSecrets(at.secret).databaseSecret, domain: 'all' });
  const transport = createPostgresTransport({ url, prefix, log: at.log });
  closing.defer(() => transport.close());
  await work(transport);
  return 0;
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new OperatorError(`Give ${what}.`);
  return value;
}
