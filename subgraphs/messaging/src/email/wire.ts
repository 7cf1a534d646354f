import { Readable } from 'node:stream';
import SmtpConnection from 'nodemailer/lib/smtp-connection';

/** A server that takes mail. */
export interface SmtpServer {
  /** An address or a name; a name was looked up, and what it leads to may be connected to. */
  readonly host: string;
  /** The name on its certificate. */
  readonly name: string;
  readonly port: number;
  /** TLS from the first byte. Otherwise STARTTLS, where it is offered. */
  readonly secure: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** Whether to go on without encryption where none is offered: only on the machine's own network. */
  readonly plainAllowed: boolean;
}

/** A mail in its final bytes. */
export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

export type Outcome =
  /** The server has taken it. */
  | { readonly kind: 'SENT'; readonly answer: string }
  /** It has not been taken, and may be offered again. */
  | { readonly kind: 'DEFERRED'; readonly code: string; readonly detail: string }
  /** The server will never take it. `badAddress`: because nobody is there. */
  | { readonly kind: 'BOUNCED' | 'FAILED'; readonly code: string; readonly detail: string; readonly badAddress: boolean }
  /** The bytes were sent and no answer came: it may have been taken or not. */
  | { readonly kind: 'UNKNOWN'; readonly code: string; readonly detail: string };

const patience = { connectMs: 15_000, silenceMs: 60_000 } as const;

/** Offers a letter to a server, once, and tells how that ended. Never throws for what the server or the network does. */
export async function offer(
  server: SmtpServer,
  letter: Letter,
  { signal, silenceMs = patience.silenceMs }: { readonly signal?: AbortSignal; readonly silenceMs?: number } = {},
): Promise<Outcome> {
  const body = letterBody(letter.bytes);
  const connection = new SmtpConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && !server.plainAllowed,
    tls: { servername: server.name },
    connectionTimeout: Math.min(patience.connectMs, silenceMs),
    greetingTimeout: Math.min(patience.connectMs, silenceMs),
    socketTimeout: silenceMs,
  });
  const stop = () => connection.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Outcome>((resolve) => {
      const failed = (error: SmtpFailure) => resolve(outcomeOf(error, body.begun()));
      connection.once('error', failed);
      connection.once('end', () => failed(new Error('The connection ended.')));
      const send = () =>
        connection.send({ from: letter.from, to: [letter.to], size: letter.bytes.length }, body.stream, (error, info) =>
          error ? failed(error) : resolve({ kind: 'SENT', answer: firstLine(info.response) }),
        );
      connection.connect((error) => {
        if (error) failed(error);
        else if (!server.credentials) send();
        else
          connection.login({ user: server.credentials.user, pass: server.credentials.password }, (refused) =>
            refused ? failed(refused) : send(),
          );
      });
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.on('error', () => undefined);
    connection.close();
  }
}

interface SmtpFailure extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

function outcomeOf(error: SmtpFailure, bytesBegun: boolean): Outcome {
  const { responseCode, response = '' } = error;
  const detail = firstLine(response === '' ? error.message : response);
  if (responseCode === undefined) return { kind: bytesBegun ? 'UNKNOWN' : 'DEFERRED', code: error.code ?? 'CONNECTION', detail };
  const code = String(responseCode);
  // The letter is not at fault where we are not let in: it waits until the settings are mended.
  if (responseCode < 500 || error.code === 'EAUTH') return { kind: 'DEFERRED', code, detail };
  const atRecipient = error.command === 'RCPT TO';
  return { kind: atRecipient ? 'BOUNCED' : 'FAILED', code, detail, badAddress: atRecipient && isBadAddress(responseCode, detail) };
}

/** RFC 3463: X.1 is about the address; full mailboxes (X.2) and policies (X.7) may be other tomorrow. */
function isBadAddress(code: number, detail: string): boolean {
  const enhanced = /\b5\.(\d{1,3})\.\d{1,3}\b/.exec(detail)?.[1];
  return enhanced === undefined ? [550, 551, 553].includes(code) : enhanced === '1';
}

/** The bytes as a stream that knows whether any were asked for: that is after the server has said that it is ready for them. */
function letterBody(bytes: Buffer): { stream: Readable; begun: () => boolean } {
  let begun = false;
  const stream = new Readable({
    read() {
      begun = true;
      this.push(bytes);
      this.push(null);
    },
  });
  return { stream, begun: () => begun };
}

/** What servers say is kept and shown, so without the addresses that they like to repeat, and the links: one may be a secret. */
const firstLine = (text: string): string =>
  (text.split(/[\r\n]/, 1)[0] ?? '')
    .replace(/<?\bhttps?:\/\/[^\s<>]+>?/gi, '<…>')
    .replace(/<?[^\s<>]+@[^\s<>]+>?/g, '<…>')
    .slice(0, 300);
