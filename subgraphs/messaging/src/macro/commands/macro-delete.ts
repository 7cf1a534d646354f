import { ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { macros } from '../tables.ts';
import { noSuchMacro } from './macro-update.ts';

/** Gives the macro as it was. */
export const macroDelete = ({ db }: Context, input: { readonly macroId: string }) =>
  db.write(async (tx) => {
    const isIt = own(tx, macros, eq(macros.id, readId('mac', input.macroId)));
    const row = first(await tx.delete(macros).where(isIt).returning());
    return row ? ok(row) : noSuchMacro();
  });
