import { expect, it } from 'vitest';
import { environment } from './environment.ts';

it('names the setting at fault and never shows its value', () => {
  const read = () => environment({ DATABASE_URL: 'mysql://canary@x/y', STOREGRAPH_PORT: '99999' });
  expect(read).toThrow('Not a valid value of DATABASE_URL, STOREGRAPH_PORT.');
  expect(read).not.toThrow('canary');
});

it('trusts proxies by number or by address, and never whoever connects', () => {
  const trusted = (text: string) => environment({ STOREGRAPH_TRUST_PROXY: text }).STOREGRAPH_TRUST_PROXY;
  expect(trusted('1')).toBe(1);
  expect(trusted('10.0.0.0/8, 192.168.0.7,fd00::/8')).toEqual(['10.0.0.0/8', '192.168.0.7', 'fd00::/8']);
  for (const bad of [
    'true',
    '0',
    '10',
    '-1',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'proxy.internal',
    ',',
    'loopback',
  ]) {
    expect(() => trusted(bad), bad).toThrow('Not a valid value of STOREGRAPH_TRUST_PROXY.');
  }
});

it('reads limits by name, and nothing that is no number', () => {
  const limits = (text: string) => environment({ STOREGRAPH_LIMITS: text }).STOREGRAPH_LIMITS;
  expect(limits('depth=25, tokens = 8000')).toEqual({ depth: 25, tokens: 8_000 });
  for (const bad of ['depth', 'depth=', 'depth=-1', 'depth=1e9', 'depth=1.5', '=3'])
    expect(() => limits(bad), bad).toThrow('Not a valid value of STOREGRAPH_LIMITS.');
});

it('takes an empty variable as one that is not set, and collects the databases of single domains', () => {
  const settings = environment({ STOREGRAPH_PORT: '', DATABASE_URL_ORDERS: 'postgres://h/orders' });
  expect(settings.STOREGRAPH_PORT).toBeUndefined();
  expect(settings.databaseUrls).toEqual({ orders: 'postgres://h/orders' });
});
