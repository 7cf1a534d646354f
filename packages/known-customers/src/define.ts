import type { Id, Refusal } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { customerCreated, customerErased, customerMerged, customerMergeUndone, defineReaction, type Reaction } from '@storegraph/events';
import type { Domain } from './domain.ts';
import { eraseCustomer } from './erase.ts';
import { lock, remember, unknown } from './known.ts';
import { follow, takeBack } from './merges.ts';

/** What a domain knows of customers, and how it keeps up with who they are. */
export interface KnownCustomers {
  /** For the module: they remember new customers, and follow merges, their undoing and erasures. */
  readonly reactions: readonly Reaction[];
  /** Takes customers as known before their events have come: of an import, or of a request by another domain's event. */
  rememberCustomers(tx: Tx, ids: readonly Id<'cus'>[]): Promise<void>;
  /**
   * A refusal unless the store is known to have that customer. Another store's customer, one who has been erased and none at all are refused alike. The
   * id of a customer who was merged into another one will do: the database writes the survivor's in its place. Until the commit nobody merges or
   * erases the customer, so it is the first lock of a transaction, before that of any row of theirs.
   */
  unknownCustomer(tx: Tx, id: Id<'cus'>): Promise<Refusal<'NOT_FOUND'> | undefined>;
  /** Takes customers for this transaction, as they are found: whoever is writing something of theirs is waited for. */
  lockKnown(tx: Tx, ids: readonly Id<'cus'>[]): Promise<void>;
}

export function defineKnownCustomers(domain: Domain): KnownCustomers {
  const { name } = domain;
  return {
    reactions: [
      defineReaction({
        name: `${name}.remember-customer`,
        kind: 'projection',
        on: [customerCreated],
        handle: async (tx, { payload }) => remember(domain, tx, [payload.customerId]),
      }),
      // One consumer for all three: what is told of one survivor has to be heard in its sequence.
      defineReaction({
        name: `${name}.follow-customers`,
        kind: 'projection',
        on: [customerMerged, customerMergeUndone, customerErased],
        handle: async (tx, event) => {
          if (event.type === 'customer.merged') return follow(domain, tx, event.payload);
          if (event.type === 'customer.mergeUndone') return takeBack(domain, tx, event.payload);
          await eraseCustomer(domain, tx, event.payload, event.occurredAt);
        },
      }),
    ],
    rememberCustomers: (tx, ids) => remember(domain, tx, ids),
    unknownCustomer: (tx, id) => unknown(domain, tx, id),
    lockKnown: (tx, ids) => lock(domain, tx, ids),
  };
}
