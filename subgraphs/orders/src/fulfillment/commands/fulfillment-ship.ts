import { fulfillmentShipped } from '@storegraph/events';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { webAddress } from '../../input.ts';
import { moveParcel } from '../move.ts';

const schema = z.object({
  fulfillmentId: idOf('ful'),
  carrier: text(100).nullish(),
  trackingNumber: text(200).nullish(),
  trackingUrl: webAddress.nullish(),
});

export async function fulfillmentShip({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { fulfillmentId, carrier = null, trackingNumber = null, trackingUrl = null } = checked.value;
  return db.write((tx) =>
    moveParcel(
      tx,
      fulfillmentId,
      {
        to: 'SHIPPED',
        kind: 'FULFILLMENT_SHIPPED',
        set: { carrier, trackingNumber, trackingUrl },
        event: (stamp, parcel, order) =>
          fulfillmentShipped(stamp, {
            personal: {
              name: order.contactName,
              email: order.contactEmail,
              phone: order.contactPhone,
              carrier: parcel.carrier,
              trackingNumber: parcel.trackingNumber,
              trackingUrl: parcel.trackingUrl,
            },
          }),
      },
      clock.now(),
    ),
  );
}
