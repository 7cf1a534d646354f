import type { Tx } from '@storegraph/database';
import type { ReactionServices, ReceivedEvent } from '@storegraph/events';
import { sendEmail, type Mail } from '../email/send.ts';

/**
 * Queues the mail that an event asks for, once for each event. An address that is none gets nothing. Throws for a template that does not work: the event
 * waits, visibly, until it does.
 */
export async function notify(tx: Tx, event: ReceivedEvent, { sealer }: ReactionServices, mail: Omit<Mail, 'cause'>): Promise<void> {
  const sent = await sendEmail(tx, sealer, event.recordedAt, { ...mail, cause: event.id });
  if (sent.ok) return;
  const [problem] = sent.problems;
  if (problem?.code !== 'INVALID_ADDRESS')
    throw new Error(`${mail.code} can not be sent: ${problem?.code ?? ''} ${problem?.message ?? ''}`);
}
