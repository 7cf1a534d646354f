import { own, type Tx } from '@storegraph/database';
import { PublicError } from '@storegraph/subgraph';
import { and, eq, exists, gte, inArray, lt, not, sql, type SQL } from 'drizzle-orm';
import type { Channel } from '../contact-point/contact-point.ts';
import { contactPoints } from '../contact-point/tables.ts';
import { isStanding } from '../merge/forward.ts';
import { customerTags } from '../tag/tables.ts';
import type { CustomerStatus, genders } from './customer.ts';
import { customers } from './tables.ts';

type Several<T> = readonly T[] | null | undefined;

/** What customers of a list have to meet: all that is given, and of each list one. */
export interface CustomerFilter {
  readonly status?: Several<CustomerStatus>;
  readonly tagsAny?: Several<string>;
  readonly tagsAll?: Several<string>;
  readonly tagsNone?: Several<string>;
  readonly country?: Several<string>;
  readonly language?: Several<string>;
  readonly gender?: Several<(typeof genders)[number]>;
  readonly reachableBy?: Several<Channel>;
  readonly createdFrom?: Date | null;
  readonly createdTo?: Date | null;
  readonly updatedFrom?: Date | null;
  readonly updatedTo?: Date | null;
}

const most = { tagsAny: 50, tagsAll: 50, tagsNone: 50, country: 250, language: 50 } as const;

/** The filter as a condition on `customers`, of whom only those are listed who are there as such. Throws BAD_REQUEST for a list of too many values. */
export function meeting(tx: Tx, filter: CustomerFilter | null | undefined): SQL | undefined {
  if (!filter) return isStanding();
  for (const [field, limit] of Object.entries(most)) {
    const given = filter[field as keyof typeof most];
    if (given && given.length > limit) throw new PublicError('BAD_REQUEST', `Filter by at most ${limit} values of ${field}.`);
  }
  const { status, tagsAny, tagsAll, tagsNone, country, language, gender, reachableBy, createdFrom, createdTo, updatedFrom, updatedTo } =
    filter;
  const bears = (tags: readonly string[]) =>
    exists(
      tx
        .select({ one: sql`1` })
        .from(customerTags)
        .where(
          own(
            tx,
            customerTags,
            and(
              eq(customerTags.customerId, customers.id),
              inArray(
                customerTags.tag,
                tags.map((tag) => tag.trim().toLowerCase()),
              ),
            ),
          ),
        ),
    );
  return and(
    isStanding(),
    among(customers.status, status),
    tagsAny ? bears(tagsAny) : undefined,
    ...(tagsAll ?? []).map((tag) => bears([tag])),
    tagsNone && tagsNone.length > 0 ? not(bears(tagsNone)) : undefined,
    among(
      customers.country,
      country?.map((code) => code.trim().toUpperCase()),
    ),
    among(customers.language, language),
    among(customers.gender, gender),
    reachableBy ? reachable(tx, reachableBy) : undefined,
    createdFrom ? gte(customers.createdAt, createdFrom) : undefined,
    createdTo ? lt(customers.createdAt, createdTo) : undefined,
    updatedFrom ? gte(customers.updatedAt, updatedFrom) : undefined,
    updatedTo ? lt(customers.updatedAt, updatedTo) : undefined,
  );
}

const among = <T extends string>(column: Parameters<typeof inArray>[0], values: Several<T>): SQL | undefined =>
  values ? inArray(column, [...values]) : undefined;

const reachable = (tx: Tx, channels: readonly Channel[]): SQL =>
  exists(
    tx
      .select({ one: sql`1` })
      .from(contactPoints)
      .where(own(tx, contactPoints, and(eq(contactPoints.customerId, customers.id), inArray(contactPoints.channel, [...channels])))),
  );
