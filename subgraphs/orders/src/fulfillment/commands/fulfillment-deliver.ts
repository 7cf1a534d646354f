import { fulfillmentDelivered } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { moveParcel, type Move } from '../move.ts';

const delivery: Move<'DELIVERED'> = {
  to: 'DELIVERED',
  kind: 'FULFILLMENT_DELIVERED',
  set: {},
  event: (stamp, _, order) => {
    const arrived = order.deliveredUnits + stamp.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return fulfillmentDelivered({ ...stamp, orderDelivered: arrived === order.orderedUnits });
  },
};

export function fulfillmentDeliver({ db, clock }: Context, input: { readonly fulfillmentId: string }) {
  return db.write((tx) => moveParcel(tx, readId('ful', input.fulfillmentId), delivery, clock.now()));
}
