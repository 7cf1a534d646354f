// A row has ids in most of its columns, so these two make nothing on the way but the text that they give.

/** Digits in base 32 as TypeIDs have them (https://github.com/jetify-com/typeid/tree/main/spec): Crockford's, in lower case. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const hexDigits = '0123456789abcdef';
const dash = 45;
const none = 255;

const codesOf = (alphabet: string) => Uint8Array.from(alphabet, (digit) => digit.charCodeAt(0));
const digitCodes = codesOf(digits);
const hexCodes = codesOf(hexDigits);

/** The value of each digit by its code, and `none` where a code is no digit. */
const valuesOf = (alphabet: string, read = (code: number) => String.fromCharCode(code)) =>
  Uint8Array.from({ length: 256 }, (_, code) => alphabet.indexOf(read(code)) & none);
const digitValues = valuesOf(digits);
const hexValues = valuesOf(hexDigits, (code) => String.fromCharCode(code).toLowerCase());

const base32Codes = new Array<number>(26).fill(0);
const uuidCodes = new Array<number>(36).fill(dash);

/** The 128 bits of a UUID behind two of nothing, as 26 digits; undefined for what is no UUID. */
export function base32Of(uuid: string): string | undefined {
  if (uuid.length !== 36) return undefined;
  let bits = 0;
  let held = 2;
  let made = 0;
  for (let index = 0; index < 36; index += 1) {
    const code = uuid.charCodeAt(index);
    if (isDashed(index)) {
      if (code !== dash) return undefined;
      continue;
    }
    const value = hexValues[code] ?? none;
    if (value === none) return undefined;
    bits = (bits << 4) | value;
    held += 4;
    if (held < 5) continue;
    held -= 5;
    base32Codes[made] = digitCodes[bits >> held] ?? none;
    bits &= (1 << held) - 1;
    made += 1;
  }
  return String.fromCharCode(...base32Codes);
}

/** The UUID that 26 digits from that place on to the end stand for; undefined for anything else. */
export function uuidOf(text: string, from: number): string | undefined {
  // Three bits are all that the first digit has room for.
  if (text.length !== from + 26 || text.charCodeAt(from) > 55) return undefined;
  let bits = 0;
  let held = -2;
  let at = 0;
  for (let index = from; index < text.length; index += 1) {
    const value = digitValues[text.charCodeAt(index)] ?? none;
    if (value === none) return undefined;
    bits = (bits << 5) | value;
    held += 5;
    while (held >= 4) {
      held -= 4;
      if (isDashed(at)) at += 1;
      uuidCodes[at] = hexCodes[bits >> held] ?? none;
      bits &= (1 << held) - 1;
      at += 1;
    }
  }
  return String.fromCharCode(...uuidCodes);
}

const isDashed = (index: number) => index === 8 || index === 13 || index === 18 || index === 23;
