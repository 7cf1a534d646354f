import { fail, isRefusal, ok } from '@storegraph/core';
import { constraintOf, first, own } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { content, title } from '../input.ts';
import { macros } from '../tables.ts';
import { titleTaken } from './macro-create.ts';

const schema = z.object({ macroId: idOf('mac'), title, content });

export async function macroUpdate({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { macroId, ...set } = checked.value;
  try {
    return await db.write(async (tx) => {
      const isIt = own(tx, macros, eq(macros.id, macroId));
      const row = first(await tx.update(macros).set(set).where(isIt).returning());
      return row ? ok(row) : noSuchMacro();
    });
  } catch (error) {
    if (constraintOf(error) === 'macros_title_key') return titleTaken();
    throw error;
  }
}

export const noSuchMacro = () => fail('NOT_FOUND', 'No such macro.', ['macroId']);
