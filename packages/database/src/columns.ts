import { fromUuid, toUuid, type Id } from '@storegraph/core';
import { customType, timestamp } from 'drizzle-orm/pg-core';

/** A column that holds an id of one kind: a uuid in SQL, the TypeID text (`ord_…`) everywhere else. */
export function typeId<Prefix extends string>(prefix: Prefix) {
  // Rows that are read together mostly name the same store, customer and parent.
  let last: { readonly uuid: string; readonly id: Id<Prefix> } | undefined;
  return customType<{ data: Id<Prefix>; driverData: string }>({
    dataType: () => 'uuid',
    toDriver: (id) => toUuid(id),
    fromDriver: (uuid) => {
      if (last?.uuid !== uuid) last = { uuid, id: fromUuid(prefix, uuid) };
      return last.id;
    },
  })();
}

/** An instant, to the millisecond: what a JavaScript Date can hold, so that a value read and compared is the value written. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

const touched = () => new Date();

export const timestamps = {
  createdAt: instant().notNull().defaultNow(),
  updatedAt: instant().notNull().defaultNow().$onUpdate(touched),
};
