import { randomUUID } from 'node:crypto';
import type { Identity } from '@storegraph/auth';
import { newId, type CustomerId, type Id, type StoreId, type UserId } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import { identity, subgraphHarness, type SubgraphHarness, type TestClient } from '@storegraph/testing';
import { asc, eq } from 'drizzle-orm';
import { conversationEvents } from '../src/conversation/tables.ts';
import { rememberCustomers } from '../src/customer/known.ts';
import { knownMembers } from '../src/member/tables.ts';
import { messaging } from '../src/subgraph.ts';

export interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
}

/** Somebody of the store, of the platform, or a customer, with a client of their own. */
export interface Somebody<Subject extends Id = Id> {
  readonly id: Subject;
  readonly client: TestClient;
}

/** A store's inbox, with its own members and customers. */
export interface Desk {
  readonly storeId: StoreId;
  readonly staff: TestClient;
  readonly staffId: UserId;
  as(identity: Identity): TestClient;
  /** Runs a mutation; the payload's fields stand beside its errors. */
  mutate<Payload = Record<string, unknown>>(
    name: string,
    input: object,
    selection?: string,
    client?: TestClient,
  ): Promise<Payload & { userErrors: UserError[] }>;
  /** The same, of one that must not be refused. */
  done<Payload = Record<string, unknown>>(name: string, input: object, selection?: string, client?: TestClient): Promise<Payload>;
  /** The codes and fields of a mutation that must be refused. Fails when the entity is there all the same. */
  refused(name: string, input: object, client?: TestClient): Promise<[string, string | null][]>;
  /** A customer that this store is known to have. */
  customer(): Promise<Somebody<CustomerId>>;
  /** An active member of the store, by default an agent. */
  member(role?: 'OWNER' | 'MANAGER' | 'AGENT'): Promise<Somebody<UserId>>;
  platform(): Somebody<UserId>;
  /** Begins a conversation of the staff with the customer. */
  conversation(customer: Somebody<CustomerId>, input?: object): Promise<Id<'cnv'>>;
  /** Sends a message, as the staff unless somebody else is named. */
  send(conversationId: string, input?: object, client?: TestClient): Promise<Id<'msg'>>;
  /** Runs in one transaction of the domain, as its system. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface MessagingHarness extends SubgraphHarness {
  desk(): Desk;
  /** Ids that are no conversation of any other store's inbox: malformed, of nothing, and another store's. */
  strangeConversations(): Promise<string[]>;
}

export const key = (): string => randomUUID();

const entities: Readonly<Record<string, string>> = {
  messageSend: 'message { id }',
  messageEdit: 'message { id }',
  messageDelete: 'message { id }',
  messageSchedule: 'scheduledMessage { id }',
  messageScheduleCancel: 'scheduledMessage { id }',
  participantMute: 'participation { id }',
  macroCreate: 'macro { id }',
  macroUpdate: 'macro { id }',
  macroDelete: 'macro { id }',
  teamChannelCreate: 'channel { id }',
  teamChannelUpdate: 'channel { id }',
  teamChannelArchive: 'channel { id }',
  teamChannelUnarchive: 'channel { id }',
};

export async function messagingHarness(options: Parameters<typeof subgraphHarness>[1] = {}): Promise<MessagingHarness> {
  const harness = await subgraphHarness(messaging, options);
  const desk = () => deskOf(harness);
  return {
    ...harness,
    desk,
    strangeConversations: async () => {
      const other = desk();
      return ['nonsense', newId('cnv'), await other.conversation(await other.customer())];
    },
  };
}

/** What a list of a conversation's changes says, as the staff are told. */
export const changesOf = (desk: Desk, id: string): Promise<string[]> =>
  desk.write(async (tx) => {
    const rows = await tx
      .select({ kind: conversationEvents.kind, publicSequence: conversationEvents.publicSequence })
      .from(conversationEvents)
      .where(own(tx, conversationEvents, eq(conversationEvents.conversationId, id as Id<'cnv'>)))
      .orderBy(asc(conversationEvents.sequence));
    return rows.map(({ kind, publicSequence }) => (publicSequence === null ? kind : `${kind} ${publicSequence}`));
  });

function deskOf(harness: SubgraphHarness): Desk {
  const storeId = newId('sto');
  const owner = identity.staff(storeId);
  const staffId = owner.subjectId as UserId;
  const staff = harness.as(owner);

  const mutate: Desk['mutate'] = async (name, input, selection = entities[name] ?? 'conversation { id }', client = staff) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { result } = await client.data<{ result: never }>(
      `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field } } }`,
      { input },
    );
    return result;
  };
  const done: Desk['done'] = async (name, input, selection, client) => {
    const { userErrors, ...payload } = await mutate<object>(name, input, selection, client);
    if (userErrors.length > 0) throw new Error(`${name} was refused: ${JSON.stringify(userErrors)}`);
    return payload as never;
  };
  const write: Desk['write'] = async (work) => {
    const db = harness.pool.session({ domain: 'messaging', identity: identity.system(storeId), correlationId: key(), origin: 'LIVE' });
    try {
      return await db.write(work);
    } finally {
      await db.end();
    }
  };

  return {
    storeId,
    staff,
    staffId,
    as: harness.as,
    mutate,
    done,
    write,
    refused: async (name, input, client) => {
      const { userErrors, ...entity } = await mutate<object>(name, input, undefined, client);
      if (Object.values(entity).some((value) => value !== null)) throw new Error(`${name} gave ${JSON.stringify(entity)}`);
      return userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);
    },
    customer: async () => {
      const id = newId('cus');
      await write((tx) => rememberCustomers(tx, [id]));
      return { id, client: harness.as(identity.customer(storeId, id)) };
    },
    member: async (role = 'AGENT') => {
      const who = identity.staff(storeId, role);
      const id = who.subjectId as UserId;
      await write((tx) => tx.insert(knownMembers).values(owned(tx, { userId: id, active: true })));
      return { id, client: harness.as(who) };
    },
    platform: () => {
      const who = identity.platform(storeId);
      return { id: who.subjectId as UserId, client: harness.as(who) };
    },
    conversation: async ({ id: customerId }, input = {}) => {
      const given = { customerId, content: 'Good morning.', idempotencyKey: key(), ...input };
      return (await done<{ conversation: { id: Id<'cnv'> } }>('conversationStart', given)).conversation.id;
    },
    send: async (conversationId, input = {}, client = staff) => {
      const given = { conversationId, content: 'Here you are.', clientId: key(), ...input };
      return (await done<{ message: { id: Id<'msg'> } }>('messageSend', given, undefined, client)).message.id;
    },
  };
}
