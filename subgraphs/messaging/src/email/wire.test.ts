import { beforeEach, describe, expect, it } from 'vitest';
import { postOffice, type Conduct } from '../../test/post-office.ts';
import { offer, type SmtpServer } from './wire.ts';

const office = await postOffice();
const server = (): SmtpServer => ({
  host: '127.0.0.1',
  name: 'localhost',
  port: office.port,
  secure: false,
  credentials: null,
  plainAllowed: true,
});
const letter = { from: 'shop@example.com', to: 'ada@example.com', bytes: Buffer.from('Subject: Hello\r\n\r\nHello Ada\r\n') };
const offered = (conduct: Conduct, rest: Partial<SmtpServer> = {}) => {
  office.conduct = conduct;
  return offer({ ...server(), ...rest }, letter);
};

beforeEach(() => {
  office.received.length = 0;
  office.login = null;
});

describe('offer', () => {
  it('gives a server the very bytes', async () => {
    expect(await offered({ kind: 'take' })).toMatchObject({ kind: 'SENT', answer: expect.stringMatching(/^250 /) });
    expect(office.received).toEqual([{ from: 'shop@example.com', to: 'ada@example.com', source: letter.bytes.toString() }]);
  });

  it('knows a refusal for now, for good, and of the address', async () => {
    const refuse = (stage: 'MAIL FROM' | 'RCPT TO' | 'DATA', code: number, message: string) =>
      offered({ kind: 'refuse', stage, code, message });
    expect(await refuse('RCPT TO', 451, '4.7.1 Greylisted')).toEqual({ kind: 'DEFERRED', code: '451', detail: '451 4.7.1 Greylisted' });
    expect(await refuse('DATA', 452, 'No room')).toEqual({ kind: 'DEFERRED', code: '452', detail: '452 No room' });
    expect(await refuse('RCPT TO', 550, '5.1.1 <ada@example.com> is unknown')).toEqual({
      kind: 'BOUNCED',
      code: '550',
      detail: '550 5.1.1 <…> is unknown',
      badAddress: true,
    });
    expect(await refuse('RCPT TO', 552, '5.2.2 Mailbox full')).toMatchObject({ kind: 'BOUNCED', badAddress: false });
    expect(await refuse('RCPT TO', 550, '5.7.1 Not allowed')).toMatchObject({ kind: 'BOUNCED', badAddress: false });
    expect(await refuse('MAIL FROM', 553, 'Not your address')).toMatchObject({ kind: 'FAILED', badAddress: false });
    expect(await refuse('DATA', 554, 'Spam: https://shop.example.com/reset?token=abc is listed')).toEqual({
      kind: 'FAILED',
      code: '554',
      detail: '554 Spam: <…> is listed',
      badAddress: false,
    });
  });

  it('does not know what became of a letter whose answer was cut off', async () => {
    expect(await offered({ kind: 'cut' })).toMatchObject({ kind: 'UNKNOWN' });
    expect(office.received.length).toBe(1);
  });

  it('may be tried again where no byte of the letter was sent', async () => {
    expect(await offered({ kind: 'cutBefore' })).toMatchObject({ kind: 'DEFERRED' });
    expect(await offered({ kind: 'take' }, { port: 1 })).toMatchObject({ kind: 'DEFERRED' });
    expect(office.received).toEqual([]);
  });

  it('logs in, and waits where it is not let in', async () => {
    office.login = { user: 'shop', password: ' secret ' };
    expect(await offered({ kind: 'take' }, { credentials: { user: 'shop', password: ' secret ' } })).toMatchObject({ kind: 'SENT' });
    const outcome = await offered({ kind: 'take' }, { credentials: { user: 'shop', password: 'wrong' } });
    expect(outcome).toMatchObject({ kind: 'DEFERRED', code: '535' });
    expect(JSON.stringify(outcome)).not.toContain('wrong');
  });

  it('sends nothing unencrypted to a server elsewhere', async () => {
    expect(await offered({ kind: 'take' }, { plainAllowed: false })).toMatchObject({ kind: 'DEFERRED' });
    expect(office.received).toEqual([]);
  });

  it('ends when it is told to, and does not know what became of a letter to which nothing was answered', async () => {
    office.conduct = { kind: 'hang' };
    const ending = new AbortController();
    const outcome = offer(server(), letter, { signal: ending.signal });
    while (office.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    ending.abort();
    expect(await outcome).toMatchObject({ kind: 'UNKNOWN' });
  });
});
