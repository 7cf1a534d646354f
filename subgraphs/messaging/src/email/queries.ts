import { descending, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { and, count, eq, gte, inArray, lt, type SQL } from 'drizzle-orm';
import type { EmailStatus } from './status.ts';
import { emailLogs, platformEmailLogs, type EmailRow } from './tables.ts';

export interface EmailListArguments extends PageArguments {
  readonly filter?: {
    readonly recipient?: string | null;
    readonly templateCode?: string | null;
    readonly status?: readonly EmailStatus[] | null;
    readonly from?: Date | null;
    readonly until?: Date | null;
    readonly relatedTo?: { readonly kind: string; readonly id: string } | null;
  } | null;
}

type Filter = EmailListArguments['filter'];

/** A page of the store's mails, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function emailPage({ db }: Context, { filter, ...page }: EmailListArguments): Promise<Connection<EmailRow>> {
  const part = orThrow(keyset(page, { table: emailLogs, sort: [descending(emailLogs.createdAt)], id: emailLogs.id }));
  const conditions = conditionsOf(emailLogs, filter);
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(emailLogs)
      .where(own(tx, emailLogs, ...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () =>
      db.read(async (later) => {
        const [row] = await later
          .select({ emails: count() })
          .from(emailLogs)
          .where(own(later, emailLogs, ...conditions));
        return row?.emails ?? 0;
      }),
    );
  });
}

/** The same of the platform's own. */
export function platformEmailPage({ db }: Context, { filter, ...page }: EmailListArguments): Promise<Connection<EmailRow>> {
  const sorted = { table: platformEmailLogs, sort: [descending(platformEmailLogs.createdAt)], id: platformEmailLogs.id };
  const part = orThrow(keyset(page, sorted));
  const conditions = conditionsOf(platformEmailLogs, filter);
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(platformEmailLogs)
      .where(and(...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () =>
      db.read(async (later) => {
        const [row] = await later
          .select({ emails: count() })
          .from(platformEmailLogs)
          .where(and(...conditions));
        return row?.emails ?? 0;
      }),
    );
  });
}

function conditionsOf(table: typeof emailLogs | typeof platformEmailLogs, filter: Filter): (SQL | undefined)[] {
  if (!filter) return [];
  const { recipient, templateCode, status, from, until, relatedTo } = filter;
  return [
    recipient == null ? undefined : eq(table.recipient, recipient.normalize('NFC').trim().toLowerCase()),
    templateCode == null ? undefined : eq(table.templateCode, templateCode),
    status == null ? undefined : inArray(table.status, [...status]),
    from == null ? undefined : gte(table.createdAt, from),
    until == null ? undefined : lt(table.createdAt, until),
    relatedTo == null ? undefined : and(eq(table.relatedKind, relatedTo.kind), eq(table.relatedId, relatedTo.id)),
  ];
}
