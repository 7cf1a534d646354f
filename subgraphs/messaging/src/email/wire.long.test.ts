import { expect, it } from 'vitest';
import { postOffice } from '../../test/post-office.ts';
import { offer } from './wire.ts';

it('does not wait for ever for an answer, and does not know then what became of the letter', async () => {
  const office = await postOffice();
  office.conduct = { kind: 'hang' };
  const server = { host: '127.0.0.1', name: 'localhost', port: office.port, secure: false, credentials: null, plainAllowed: true };
  const letter = { from: 'shop@example.com', to: 'ada@example.com', bytes: Buffer.from('Subject: Hello\r\n\r\nHello Ada\r\n') };
  expect(await offer(server, letter, { silenceMs: 5_000 })).toMatchObject({ kind: 'UNKNOWN' });
  expect(office.received.length).toBe(1);
}, 30_000);
