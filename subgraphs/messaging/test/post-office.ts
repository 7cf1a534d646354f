import type { AddressInfo } from 'node:net';
import { atEnd } from '@storegraph/testing';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** How the server answers a mail. `cut`: takes it, and ends the connection before it says so. `hang`: takes it and says nothing. */
export type Conduct =
  | { readonly kind: 'take' | 'cut' | 'hang' | 'cutBefore' }
  | { readonly kind: 'refuse'; readonly stage: 'MAIL FROM' | 'RCPT TO' | 'DATA'; readonly code: number; readonly message: string };

export interface Received {
  readonly from: string;
  readonly to: string;
  /** The bytes as they came. */
  readonly source: string;
}

/** A real SMTP server on this machine, which conducts itself as a test wants it to. */
export interface PostOffice {
  readonly port: number;
  readonly url: string;
  /** Every mail whose bytes came in whole, whatever was answered. */
  readonly received: Received[];
  conduct: Conduct;
  /** Takes mails from this user only. */
  login: { readonly user: string; readonly password: string } | null;
}

export async function postOffice(): Promise<PostOffice> {
  const office: { -readonly [Key in keyof PostOffice]: PostOffice[Key] } = {
    port: 0,
    url: '',
    received: [],
    conduct: { kind: 'take' },
    login: null,
  };
  const refusal = (stage: string): Error | undefined => {
    const { conduct } = office;
    return conduct.kind === 'refuse' && conduct.stage === stage
      ? Object.assign(new Error(conduct.message), { responseCode: conduct.code })
      : undefined;
  };
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _, done) =>
      office.login && username === office.login.user && password === office.login.password
        ? done(null, { user: username })
        : done(new Error('Wrong password')),
    onMailFrom: (_, session, done) =>
      done(office.login && !session.user ? Object.assign(new Error('Log in first'), { responseCode: 530 }) : refusal('MAIL FROM')),
    onRcptTo: (_, __, done) => {
      if (office.conduct.kind === 'cutBefore') dropConnections(server);
      else done(refusal('RCPT TO'));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        office.received.push({ ...envelopeOf(session), source: Buffer.concat(chunks).toString('utf8') });
        if (office.conduct.kind === 'cut') dropConnections(server);
        else if (office.conduct.kind !== 'hang') done(refusal('DATA'));
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        dropConnections(server);
        server.close(resolve);
      }),
  );
  office.port = (server.server.address() as AddressInfo).port;
  office.url = `smtp://127.0.0.1:${office.port}`;
  return office;
}

interface WithSocket {
  readonly _socket: { destroy(): void };
}

const dropConnections = (server: SMTPServer) => {
  for (const connection of (server as unknown as { connections: Set<WithSocket> }).connections) connection._socket.destroy();
};

function envelopeOf({ envelope }: SMTPServerSession): { from: string; to: string } {
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address).join(','),
  };
}
