import { isRefusal, ok, type Result } from '@storegraph/core';
import { once } from '@storegraph/database';
import { requestExport, type ExportRow } from '@storegraph/exports';
import { enqueue } from '@storegraph/jobs';
import { idempotencyKey, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import type { CustomerFilter } from '../../customer/filter.ts';
import { exportKind, keptFilter } from '../export.ts';
import { exportCustomers } from '../jobs.ts';
import { customerExports } from '../tables.ts';

interface Input {
  readonly filter?: CustomerFilter | null;
  readonly idempotencyKey: string;
}

/** What the schema leaves open: texts and lists of any length. */
const several = (max: number) => z.array(text(50)).max(max).nullish();
const schema = z.object({
  idempotencyKey,
  filter: z
    .object({ tagsAny: several(50), tagsAll: several(50), tagsNone: several(50), country: several(250), language: several(50) })
    .nullish(),
});

/** Notes the export and has it written by a job. */
export async function customerExportCreate(
  { db, clock }: Context,
  input: Input,
): Promise<Result<ExportRow, InputCode | 'IDEMPOTENCY_KEY_REUSED'>> {
  const checked = validate(schema, input);
  if (isRefusal(checked)) return checked;
  const filter = keptFilter(input.filter ?? {});
  return db.write((tx) =>
    once(tx, 'customerExportCreate', input, async () => {
      const wanted = await requestExport(tx, customerExports, { kind: exportKind, filter, at: clock.now() });
      await enqueue(tx, exportCustomers, { exportId: wanted.id });
      return ok(wanted);
    }),
  );
}
