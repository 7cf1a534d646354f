import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { once } from '@storegraph/database';
import { requestExport } from '@storegraph/exports';
import { enqueue } from '@storegraph/jobs';
import { idempotencyKey, idOf, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { unknownCustomer } from '../../customer/known.ts';
import { exportKind, keptFilter } from '../export.ts';
import type { OrderFilter } from '../filter.ts';
import { exportOrders } from '../jobs.ts';
import { orderExports } from '../tables.ts';

interface OrderExportCreateInput {
  readonly filter?: OrderFilter | null;
  readonly idempotencyKey: string;
}

/** What the schema leaves open: texts of any length. */
const checked = z.object({
  idempotencyKey,
  filter: z
    .object({
      customerId: idOf('cus').nullish(),
      source: text(100).nullish(),
      sku: text(200).nullish(),
      productId: text(200).nullish(),
      discountCode: text(200).nullish(),
      query: text(200).nullish(),
      tags: z.array(text(100)).max(20).nullish(),
    })
    .nullish(),
});

/** Notes the export and has it written by a job. */
export async function orderExportCreate(
  { db, clock }: Context,
  input: OrderExportCreateInput,
): Promise<Result<{ id: Id<'exp'> }, InputCode | 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED'>> {
  const valid = validate(checked, input);
  if (isRefusal(valid)) return valid;
  const filter = keptFilter(input.filter ?? {});
  const customerId = valid.value.filter?.customerId ?? undefined;
  return db.write((tx) =>
    once(tx, 'orderExportCreate', input, async () => {
      const unknown = customerId === undefined ? undefined : await unknownCustomer(tx, customerId);
      if (unknown) return fail('NOT_FOUND', 'The store has no such customer.', ['filter', 'customerId']);
      const { id } = await requestExport(tx, orderExports, { kind: exportKind, filter, at: clock.now() });
      await enqueue(tx, exportOrders, { exportId: id });
      return ok({ id });
    }),
  );
}
