import type { Sealer } from '@storegraph/auth';
import { environment, fail, newId, ok, toUuid, type CustomerId, type Result, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { enqueue } from '@storegraph/jobs';
import { email as address } from '@storegraph/subgraph';
import { senderOf } from '../email-settings/sender.ts';
import { TemplateFault } from '../template/liquid.ts';
import { render, type Rendered } from '../template/render.ts';
import { resolveTemplate, type Resolution } from '../template/resolve.ts';
import { missing, type Values } from '../template/template.ts';
import { store } from './content.ts';
import { deliverEmail } from './deliver.ts';
import { insertEmail } from './mailbox.ts';
import { record } from './record.ts';
import type { EmailRow } from './tables.ts';

/** A mail that is to be written. */
export interface Mail {
  /** The template's. */
  readonly code: string;
  readonly to: { readonly email: string; readonly name?: string | null };
  /** What the recipient reads, as far as it is known. */
  readonly language: string | null;
  readonly values: Values;
  readonly customerId?: CustomerId | null;
  readonly userId?: UserId | null;
  readonly relatedTo?: { readonly kind: string; readonly id: string } | null;
  readonly data?: Readonly<Record<string, unknown>> | null;
  /** What makes it be sent: the same cause again sends nothing. */
  readonly cause?: string | null;
  /** Holds a secret. Mails of category AUTH always count as such. */
  readonly confidential?: boolean;
}

export type SendRefusal = 'TEMPLATE_NOT_FOUND' | 'MISSING_VARIABLE' | 'INVALID_ADDRESS' | 'TEMPLATE_FAULTY';

/**
 * Writes a mail and queues it, in the caller's transaction: of its store, or of the platform where it has none. Rendered here, once: what is sent is what
 * is stored. Gives null where its cause has sent one already. Refusals store nothing.
 */
export async function sendEmail(tx: Tx, sealer: Sealer, now: Date, mail: Mail): Promise<Result<EmailRow | null, SendRefusal>> {
  const found = await resolveTemplate(tx, mail.code, mail.language);
  if (!found) return fail('TEMPLATE_NOT_FOUND', `There is no template ${mail.code}.`, ['code']);
  return sendResolved(tx, sealer, now, mail, found);
}

/** The same with words that have been found already. */
export async function sendResolved(
  tx: Tx,
  sealer: Sealer,
  now: Date,
  mail: Mail,
  found: Resolution,
): Promise<Result<EmailRow | null, Exclude<SendRefusal, 'TEMPLATE_NOT_FOUND'>>> {
  const to = address.safeParse(mail.to.email);
  if (!to.success) return fail('INVALID_ADDRESS', 'Not an e-mail address.', ['to']);
  const lacking = missing(found.template.variables, mail.values);
  if (lacking.length > 0) return fail('MISSING_VARIABLE', `Missing: ${lacking.join(', ')}.`, ['values']);
  const rendered = await rendering(tx, found, mail.values);
  if (!rendered.ok) return rendered;
  return ok(await queue(tx, sealer, now, { mail, to: to.data, found, rendered: rendered.value }));
}

async function rendering(tx: Tx, { words, language }: Resolution, values: Values): Promise<Result<Rendered, 'TEMPLATE_FAULTY'>> {
  try {
    return ok(await render(words, values, { sender: await senderOf(tx), language }));
  } catch (error) {
    if (error instanceof TemplateFault) return fail('TEMPLATE_FAULTY', error.message, ['code']);
    throw error;
  }
}

interface Written {
  readonly mail: Mail;
  readonly to: string;
  readonly found: Resolution;
  readonly rendered: Rendered;
}

async function queue(tx: Tx, sealer: Sealer, now: Date, { mail, to, found, rendered }: Written): Promise<EmailRow | null> {
  const id = newId('eml');
  const { template, source, version, language, rung } = found;
  const confidential = mail.confidential === true || template.category === 'AUTH';
  const email = await insertEmail(tx, {
    id,
    templateCode: mail.code,
    templateId: found.id,
    templateVersion: version,
    templateSource: source,
    language,
    rung,
    category: template.category,
    recipient: to,
    recipientName: mail.to.name ?? null,
    subject: rendered.subject,
    confidential,
    ...store(rendered, { id, storeId: tx.scope.identity.storeId, confidential }, sealer),
    customerId: mail.customerId ?? null,
    userId: mail.userId ?? null,
    relatedKind: mail.relatedTo?.kind ?? null,
    relatedId: mail.relatedTo?.id ?? null,
    data: mail.data ?? null,
    cause: mail.cause ?? null,
    status: 'QUEUED',
    rank: 0,
    messageId: `<${toUuid(id)}@${domainOf(environment().STOREGRAPH_MAIL_FROM)}>`,
    attempts: 0,
    nextAttemptAt: now,
  });
  if (!email) return null;
  await record(tx, email.id, { kind: 'QUEUED', at: now });
  await enqueue(tx, deliverEmail, { emailId: email.id });
  return email;
}

const domainOf = (from: string): string => from.slice(from.lastIndexOf('@') + 1);
