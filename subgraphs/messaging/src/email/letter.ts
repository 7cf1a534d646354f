import MailComposer from 'nodemailer/lib/mail-composer';
import type { Letter } from './wire.ts';

export interface Correspondent {
  readonly name: string | null;
  readonly address: string;
}

export interface LetterParts {
  readonly from: Correspondent;
  readonly replyTo: string | null;
  readonly to: Correspondent;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly messageId: string;
  readonly date: Date;
}

/** The bytes of a mail (RFC 5322, MIME). Addresses are given in parts, so that none is parsed out of a name. */
export async function letterOf({ from, replyTo, to, subject, html, text, messageId, date }: LetterParts): Promise<Letter> {
  const bytes = await new MailComposer({
    from: correspondent(from),
    to: correspondent(to),
    ...(replyTo !== null && { replyTo: correspondent({ name: null, address: replyTo }) }),
    subject,
    html,
    text,
    messageId,
    date,
    // RFC 3834: nobody's holiday notice should answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  return { from: from.address, to: to.address, bytes };
}

const correspondent = ({ name, address }: Correspondent) => ({ name: name ?? '', address });
