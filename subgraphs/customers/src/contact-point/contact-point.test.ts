import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { expect, test } from 'vitest';
import { channels, contactAddress, type Channel } from './contact-point.ts';

const address = (channel: Channel, text: string, country: string | null = null) => contactAddress(channel, text, { country })?.address;

test('an e-mail address is kept in lower case and composed form', () => {
  expect(address('EMAIL', '  Anna.LI@Example.COM ')).toBe('anna.li@example.com');
  expect(address('EMAIL', 'Jose\u0301@example.com')).toBe('josé@example.com');
  expect(contactAddress('EMAIL', 'Anna@Example.com')).toEqual({
    channel: 'EMAIL',
    source: '',
    address: 'anna@example.com',
    display: 'Anna@Example.com',
    searchKey: 'anna@example.com',
  });
});

test.each([
  '',
  'anna',
  '@example.com',
  'anna@',
  'anna@localhost',
  'a b@example.com',
  'a@b@example.com',
  'anna@-x.com',
  'anna@example..com',
  `${'a'.repeat(65)}@example.com`,
  'a\u0000@b.gr',
  'anna@example.com, x@y.gr',
])('"%s" is no e-mail address', (text) => {
  expect(address('EMAIL', text)).toBeUndefined();
});

test('a phone number is kept in international form, however it is written', () => {
  for (const text of ['07911 123456', '+44 7911 123456', '+44 (0)7911 123456', '0044 7911 123456', '(07911) 123-456']) {
    expect(address('PHONE', text, 'GB')).toBe('+447911123456');
  }
  expect(address('PHONE', '+447911123456', 'GR')).toBe('+447911123456');
  expect(address('PHONE', '691 234 5678', 'GR')).toBe('+306912345678');
});

test.each(['', '12', 'call me', '+', '+999 123456789', '07911 123456 or later', '1'.repeat(65)])('"%s" is no phone number', (text) => {
  expect(address('PHONE', text, 'GB')).toBeUndefined();
});

test('without a country only an international number can be read', () => {
  expect(address('PHONE', '07911 123456')).toBeUndefined();
  expect(address('PHONE', '07911 123456', 'XX')).toBeUndefined();
});

test('WhatsApp takes a number with or without plus, or the id of somebody who hides it', () => {
  expect(address('WHATSAPP', '447911123456')).toBe('+447911123456');
  expect(address('WHATSAPP', '+44 7911 123456')).toBe('+447911123456');
  expect(address('WHATSAPP', 'US.13491208655302741918')).toBe('US.13491208655302741918');
  expect(address('WHATSAPP', 'no spaces allowed')).toBeUndefined();
});

test('an external id is kept as it is, and found in lower case', () => {
  expect(contactAddress('EXTERNAL', ' Cust-7 ', { source: 'shop' })).toEqual({
    channel: 'EXTERNAL',
    source: 'shop',
    address: 'Cust-7',
    display: 'Cust-7',
    searchKey: 'cust-7',
  });
  expect(address('EXTERNAL', 'a'.repeat(201))).toBeUndefined();
  expect(address('EXTERNAL', 'a\nb')).toBeUndefined();
});

test('an address that has been normalised is normalised, whatever was given', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...channels),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress()),
      fc.constantFrom('GB', 'GR', 'IT', null),
      (channel, text, country) => {
        const first = address(channel, text, country);
        if (first !== undefined) expect(address(channel, first, country)).toBe(first);
      },
    ),
  );
});

test('an e-mail address is the same in any case', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (text) => {
      expect(address('EMAIL', text.toUpperCase())).toBe(address('EMAIL', text));
    }),
  );
});

test('a number of any country is the same however it is dialled', () => {
  fc.assert(
    fc.property(fc.constantFrom(...getCountries()), fc.constantFrom(' ', '-', '.', ''), (country, separator) => {
      const example = getExampleNumber(country, examples);
      if (!example) return;
      const spaced = (text: string) => text.replaceAll(' ', separator);
      expect(address('PHONE', spaced(example.formatInternational()), null)).toBe(example.number);
      expect(address('PHONE', spaced(example.formatNational()), country)).toBe(example.number);
    }),
  );
});
