import { SecretRejected, system, type Sealer } from '@storegraph/auth';
import type { Id, StoreId } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { idOf, streamOf, type Env, type PublicRoute } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ExportTables } from './tables.ts';

/** Long enough for a click, too short to be passed on. Ask for the export again for another link. */
const linkMinutes = 5;

const contentType = 'text/csv; charset=utf-8';

/** All that a link grants. It travels sealed, so that it can be neither changed nor read. */
const grant = z.object({
  method: z.literal('GET'),
  contentType: z.literal(contentType),
  storeId: idOf('sto'),
  exportId: idOf('exp'),
  fileName: z.string().regex(/^[\w.-]{1,100}$/),
  subject: z.string().nullable(),
  expiresAt: z.int(),
});

/** Where one deployment's domain serves its exports: `{ domain: 'orders', path: '/exports/:token' }`, of which `:token` is the only parameter. */
export interface DownloadPlace {
  readonly domain: string;
  readonly path: `/${string}/:token`;
}

const placeOf = ({ domain, path }: DownloadPlace) => `${domain}|exports|download|${path}`;

interface LinkWanted {
  readonly storeId: StoreId;
  readonly exportId: Id<'exp'>;
  /** What the browser names the file: letters, digits, `_`, `-` and dots. */
  readonly fileName: string;
  /** Whom the link is given to. */
  readonly subject: Id | null;
  readonly now: Date;
}

/** The path, on the gateway's host, from which this export can be fetched for the next five minutes. */
export function downloadLink(place: DownloadPlace, sealer: Sealer, { now, ...wanted }: LinkWanted): string {
  const expiresAt = now.getTime() + linkMinutes * 60_000;
  const token = sealer.seal(JSON.stringify({ method: 'GET', contentType, ...wanted, expiresAt }), placeOf(place));
  return `/${place.domain}/public${place.path.replace(':token', token)}`;
}

/** The route behind `downloadLink`. A link that is not ours, or too old, is answered as an address that is not there. */
export function downloadRoute(place: DownloadPlace, { exports, exportChunks }: ExportTables): PublicRoute {
  return {
    method: 'GET',
    path: place.path,
    streams: true,
    handler: async ({ params }, env) => {
      const granted = grantOf(place, env, params['token'] ?? '');
      if (!granted) return new Response(null, { status: 404 });
      const { storeId, exportId, fileName } = granted;
      const db = env.db(system(storeId));
      const row = await db.read(async (tx) =>
        first(
          await tx
            .select()
            .from(exports)
            .where(own(tx, exports, eq(exports.id, exportId))),
        ),
      );
      await db.end();
      if (row?.status !== 'DONE' || row.expiresAt <= env.clock.now()) return new Response(null, { status: 404 });
      const headers = {
        'content-type': contentType,
        'content-length': String(row.bytes),
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      };
      return new Response(streamOf(contentOf(env, storeId, row)), { headers });
    },
  };

  /** One chunk in memory, and no connection kept while a slow client reads it. */
  async function* contentOf(env: Env, storeId: StoreId, { id, chunks }: { id: Id<'exp'>; chunks: number }): AsyncGenerator<Uint8Array> {
    for (let position = 0; position < chunks; position += 1) {
      const db = env.db(system(storeId));
      const chunk = await db.read(async (tx) =>
        first(
          await tx
            .select({ content: exportChunks.content })
            .from(exportChunks)
            .where(own(tx, exportChunks, and(eq(exportChunks.exportId, id), eq(exportChunks.position, position)))),
        ),
      );
      await db.end();
      if (!chunk) throw new Error('A chunk of the export is gone');
      yield Buffer.from(chunk.content);
    }
  }
}

function grantOf(place: DownloadPlace, { services, clock }: Env, token: string): z.output<typeof grant> | undefined {
  try {
    const granted = grant.parse(JSON.parse(services.sealer.open(token, placeOf(place))));
    return granted.expiresAt > clock.now().getTime() ? granted : undefined;
  } catch (error) {
    if (error instanceof SecretRejected) return undefined;
    throw error;
  }
}
