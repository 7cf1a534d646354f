import type { Sealer } from '@storegraph/auth';
import type { Tx } from '@storegraph/database';
import type { Contract, EventOf } from './contract.ts';

/**
 * `projection`: builds rows of its own from facts, imported ones too, and is rebuilt by a replay.
 * `effect`: does something in the world (mail, points): live events only, from its first start on, and never again.
 */
export type ReactionKind = 'projection' | 'effect';

/** What a reaction may use beside its transaction. */
export interface ReactionServices {
  /** For secrets that it stores, or sends on with an event of its own. Throws where the process was given no key. */
  readonly sealer: Sealer;
}

export interface Reaction<C extends Contract = Contract> {
  /** `<domain>.<what-it-does>`: the name under which its position is kept. Never renamed. */
  readonly name: string;
  readonly kind: ReactionKind;
  readonly on: readonly C[];
  /**
   * Runs in one transaction of its own domain, as SYSTEM in the event's store. What it writes and the note that the event is handled are committed
   * together. It may run again after a failure, never after a commit.
   */
  handle(tx: Tx, event: EventOf<C>, services: ReactionServices): Promise<void>;
}

export function defineReaction<C extends Contract>(reaction: Reaction<C>): Reaction<C> {
  if (!/^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$/.test(reaction.name))
    throw new Error(`A reaction is named <domain>.<what-it-does>: ${reaction.name}`);
  if (reaction.on.length === 0) throw new Error(`${reaction.name} reacts to nothing`);
  return reaction;
}
