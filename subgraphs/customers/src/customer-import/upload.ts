import { SecretRejected, system, type Sealer } from '@storegraph/auth';
import type { Id, StoreId } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { enqueue } from '@storegraph/jobs';
import { idOf, type Env, type PublicRoute } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { readCustomers } from './jobs.ts';
import { mostBytes } from './read.ts';
import { customerImports } from './tables.ts';

const place = 'customers|imports|upload';
const linkMinutes = 30;

const grant = z.object({ method: z.literal('PUT'), storeId: idOf('sto'), importId: idOf('cim'), expiresAt: z.int() });

/** The path, on the gateway's host, to which the file of this import can be sent for the next half hour. */
export function uploadLink(sealer: Sealer, { storeId, importId, now }: { storeId: StoreId; importId: Id<'cim'>; now: Date }): string {
  const expiresAt = now.getTime() + linkMinutes * 60_000;
  return `/customers/public/imports/${sealer.seal(JSON.stringify({ method: 'PUT', storeId, importId, expiresAt }), place)}`;
}

/** The route behind `uploadLink`: takes the file once, and has it read by a job. */
export const uploadRoute: PublicRoute = {
  method: 'PUT',
  path: '/imports/:token',
  bodyLimit: mostBytes,
  handler: async ({ params, body }, env) => {
    const granted = grantOf(env, params['token'] ?? '');
    if (!granted) return answer(404, 'No such upload.');
    const content = utf8(body);
    if (content === undefined) return answer(400, 'The file is not UTF-8.');
    if (content === '') return answer(400, 'The file is empty.');
    const taken = await env.db(system(granted.storeId)).write(async (tx) => {
      const waiting = and(eq(customerImports.id, granted.importId), eq(customerImports.status, 'AWAITING_FILE'));
      const row = first(
        await tx
          .update(customerImports)
          .set({ status: 'PENDING', content })
          .where(own(tx, customerImports, waiting))
          .returning({ id: customerImports.id }),
      );
      if (row) await enqueue(tx, readCustomers, { importId: row.id });
      return row !== undefined;
    });
    return taken ? answer(202, 'The file is being read.') : answer(409, 'This import has its file already.');
  },
};

const answer = (status: number, message: string): Response =>
  Response.json({ message }, { status, headers: { 'cache-control': 'no-store' } });

function utf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // It can not be stored, and no list of customers has one.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function grantOf({ services, clock }: Env, token: string): z.output<typeof grant> | undefined {
  try {
    const granted = grant.parse(JSON.parse(services.sealer.open(token, place)));
    return granted.expiresAt > clock.now().getTime() ? granted : undefined;
  } catch (error) {
    if (error instanceof SecretRejected) return undefined;
    throw error;
  }
}
