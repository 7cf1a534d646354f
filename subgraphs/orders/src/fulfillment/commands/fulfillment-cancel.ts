import { readId, type Context } from '@storegraph/subgraph';
import { cancellation, moveParcel } from '../move.ts';

export function fulfillmentCancel({ db, clock }: Context, input: { readonly fulfillmentId: string }) {
  return db.write((tx) => moveParcel(tx, readId('ful', input.fulfillmentId), cancellation, clock.now()));
}
