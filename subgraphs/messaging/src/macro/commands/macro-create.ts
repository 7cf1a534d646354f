import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { insertRow, owned } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { content, title } from '../input.ts';
import { macros } from '../tables.ts';

const schema = z.object({ title, content });

export async function macroCreate({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  return db.write(async (tx) => {
    const row = await insertRow(tx, macros, owned(tx, { id: newId('mac'), ...checked.value }), { onConflict: sql`on conflict do nothing` });
    return row ? ok(row) : titleTaken();
  });
}

export const titleTaken = () => fail('TITLE_TAKEN', 'Another macro has this title.', ['title']);
