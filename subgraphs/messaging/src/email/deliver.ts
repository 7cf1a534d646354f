import { defineJob, enqueue, type JobContext } from '@storegraph/jobs';
import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { z } from 'zod';
import { routeOf, type Route } from '../email-settings/route.ts';
import { checkRoute, isCheck, noteCheck } from '../email-settings/verification.ts';
import { carry, providerOf } from './carry.ts';
import { open, type Content } from './content.ts';
import { maySend } from './gate.ts';
import { lockEmail, suppress, updateEmail } from './mailbox.ts';
import { record } from './record.ts';
import { backoffMs, isWaiting, mostAttempts } from './status.ts';
import type { EmailRow } from './tables.ts';
import type { Outcome } from './wire.ts';

const waitForServerMs = 5 * 60_000;
const longestAttemptMs = 15 * 60_000;

/**
 * Gives one mail to its server. That it is about to is committed first: a worker that dies in between leaves a mail of which nobody knows whether it went
 * out, and so the next attempt says (UNKNOWN), rather than send it twice. It runs again at once only for what failed before the server was asked to take it.
 */
export const deliverEmail = defineJob({
  name: 'messaging.deliver-email',
  data: z.object({ emailId: z.custom<Id<'eml'>>((value) => typeof value === 'string' && value.startsWith('eml_')) }),
  timeoutSeconds: 300,
  concurrency: 4,
  handle: async (context, { emailId }) => {
    const { db, clock, signal } = context;
    const taken = await db.write((tx) => take(tx, emailId, context));
    if (!taken) return;
    const { email, route, content } = taken;
    const to = { name: email.recipientName, address: email.recipient };
    const { subject, messageId } = email;
    const outcome = await carry(route, { to, subject, messageId, ...content, date: clock.now() }, signal);
    await db.write((tx) => settle(tx, email, outcome, clock.now()));
  },
});

interface Taken {
  readonly email: EmailRow;
  readonly route: Route & { readonly via: NonNullable<Route['via']> };
  readonly content: Content;
}

/** Marks the attempt. Gives null where there is nothing to send, or no way yet. */
async function take(tx: Tx, id: Id<'eml'>, { sealer, clock, storeId, jobId, log }: JobContext): Promise<Taken | null> {
  const email = await lockEmail(tx, id);
  if (!email || !isWaiting(email.status)) return null;
  const now = clock.now();
  if (email.onWireSince !== null && isStillOffered(email, jobId, now)) return null;
  if (email.onWireSince !== null) {
    await end(tx, email, { kind: 'UNKNOWN', code: 'INTERRUPTED', detail: 'The sender stopped before it heard the answer.' }, now);
    return null;
  }
  const verdict = await maySend(tx, email);
  if (!verdict.allowed) {
    await end(tx, email, { kind: 'SUPPRESSED', code: verdict.reason, detail: null }, now);
    return null;
  }
  const content = open(email, storeId, sealer);
  if (!content) {
    await end(tx, email, { kind: 'FAILED', code: 'ERASED', detail: 'The recipient has been erased.' }, now);
    return null;
  }
  const route = isCheck(email) ? await checkRoute(tx, sealer, email) : await routeOf(tx, sealer);
  if (!route) {
    await end(tx, email, { kind: 'FAILED', code: 'CHANGED_MEANWHILE', detail: 'The settings have been changed since.' }, now);
    return null;
  }
  if (route.via === null) {
    log.info({ code: 'NO_SERVER' }, 'no mail server is set: a mail waits');
    await updateEmail(tx, id, { nextAttemptAt: new Date(now.getTime() + waitForServerMs), errorCode: 'NO_SERVER' });
    return null;
  }
  // Should its job be lost with the worker, `resumeEmails` finds it.
  const lookedAfter = new Date(now.getTime() + longestAttemptMs);
  await updateEmail(tx, id, {
    onWireSince: now,
    onWireJob: jobId,
    attempts: email.attempts + 1,
    provider: providerOf(route.via),
    nextAttemptAt: lookedAfter,
  });
  return { email: { ...email, attempts: email.attempts + 1 }, route: { ...route, via: route.via }, content };
}

/** By another job that is at it now, and not by an earlier attempt of this one, which has died. */
const isStillOffered = ({ onWireSince, onWireJob }: EmailRow, jobId: Id<'job'>, now: Date): boolean =>
  onWireJob !== jobId && onWireSince !== null && now.getTime() - onWireSince.getTime() < longestAttemptMs;

/** Writes down how an attempt ended, and plans the next where there is to be one. */
async function settle(tx: Tx, email: EmailRow, outcome: Outcome, now: Date): Promise<void> {
  switch (outcome.kind) {
    case 'SENT':
      await record(tx, email.id, { kind: 'SENT', at: now, detail: outcome.answer });
      await updateEmail(tx, email.id, { ...ended(email), sentAt: now, providerId: outcome.answer, errorCode: null, error: null });
      if (isCheck(email)) await noteCheck(tx, email, null, now);
      return;
    case 'DEFERRED': {
      // Another attempt may have given it up meanwhile, as one whose sender seemed to have died.
      const known = await lockEmail(tx, email.id);
      if (!known || !isWaiting(known.status)) return;
      // Who checks settings waits for the answer.
      if (email.attempts >= mostAttempts || isCheck(email)) await end(tx, email, { ...outcome, kind: 'FAILED' }, now);
      else await defer(tx, email, outcome, now);
      return;
    }
    case 'BOUNCED':
    case 'FAILED':
    case 'UNKNOWN':
      await end(tx, email, outcome, now);
      if (outcome.kind === 'BOUNCED' && outcome.badAddress) await suppress(tx, email.recipient, 'BOUNCED', outcome.detail);
  }
}

async function defer(tx: Tx, email: EmailRow, { code, detail }: { code: string; detail: string }, now: Date): Promise<void> {
  const nextAttemptAt = new Date(now.getTime() + backoffMs(email.attempts));
  await record(tx, email.id, { kind: 'DEFERRED', at: now, detail: `${code} ${detail}` });
  await updateEmail(tx, email.id, { onWireSince: null, onWireJob: null, nextAttemptAt, errorCode: code, error: detail });
  await enqueue(tx, deliverEmail, { emailId: email.id }, { startAfter: nextAttemptAt });
}

interface Ending {
  readonly kind: 'BOUNCED' | 'FAILED' | 'UNKNOWN' | 'SUPPRESSED';
  readonly code: string;
  readonly detail: string | null;
}

async function end(tx: Tx, email: EmailRow, { kind, code, detail }: Ending, now: Date): Promise<void> {
  await record(tx, email.id, { kind, at: now, detail: [code, detail].filter(Boolean).join(' ') });
  await updateEmail(tx, email.id, { ...ended(email), errorCode: code, error: detail });
  if (isCheck(email)) await noteCheck(tx, email, [code, detail].filter(Boolean).join(' '), now);
}

/** A secret is kept no longer than it takes to send it. */
const ended = ({ confidential }: EmailRow) => ({
  onWireSince: null,
  onWireJob: null,
  nextAttemptAt: null,
  ...(confidential && { content: null }),
});
