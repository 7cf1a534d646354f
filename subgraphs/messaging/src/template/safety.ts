import { TemplateFault } from './liquid.ts';

const forbidden = new Set([
  ...['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal', 'template', 'base', 'link', 'svg', 'math'],
  ...['form', 'input', 'button', 'textarea', 'select', 'audio', 'video', 'plaintext', 'xmp', 'noembed', 'noframes'],
]);
/** The layout has them, and nobody's text can add to it. */
const ofLayout = new Set(['title', 'noscript', 'style', 'meta']);
const addresses = new Set(['href', 'src', 'background', 'action', 'formaction', 'poster', 'xlink:href', 'srcset', 'cite', 'longdesc']);
const allowedAddress = /^(?:https?:\/\/|mailto:|tel:|cid:|#|$)/i;
const styleThatLoads = /expression\(|@import|-moz-binding|behavior:|url\((?!["']?https:\/\/)/i;

/**
 * Refuses an author's text in which it could not be told from the text alone which elements there are: names of elements that are put together,
 * comments (readers disagree on where they end), elements that are not for mails.
 */
export function assertReadable(source: string): void {
  if (/--!?>|<!(?!doctype\b)/i.test(source)) throw unsafe('Comments are not allowed.');
  if (/<(?!\/?[a-z][a-z0-9-]*[\s/>]|!doctype\b)/i.test(source)) throw unsafe('A “<” that begins no element is written &lt;.');
  for (const [, name = ''] of source.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)) {
    const lower = name.toLowerCase();
    if (forbidden.has(lower) || ofLayout.has(lower)) throw unsafe(`The element ${lower} is not allowed.`);
  }
}

/**
 * Refuses handlers of events, addresses that are no link, and styles that load, in a mail as it is sent: so nothing can be put together by values
 * past `assertReadable`, which the source has passed. Values are escaped, so tags begin and end where the author had them do so.
 */
export function assertSafe(html: string): void {
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at))
    at = html.charAt(at + 1).match(/[a-z]/i) ? assertTag(html, at) : at + 1;
}

const tagName = /<([a-z][a-z0-9-]*)/iy;
const gap = /[\s/]*/y;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;

/** Gives the place behind the tag. */
function assertTag(html: string, begin: number): number {
  const [start = '', element = ''] = matchAt(tagName, html, begin) ?? [];
  const name = element.toLowerCase();
  if (forbidden.has(name)) throw unsafe(`The element ${name} is not allowed.`);
  for (let at = begin + start.length; ;) {
    at += matchAt(gap, html, at)?.[0].length ?? 0;
    if (html.charAt(at) === '>') return at + 1;
    const found = matchAt(attribute, html, at);
    if (!found) throw unsafe(`The element ${name} can not be read.`);
    const [whole, key = '', double, single, bare] = found;
    assertAttribute(key.toLowerCase(), plain(double ?? single ?? bare ?? ''));
    at += whole.length;
  }
}

function assertAttribute(name: string, value: string): void {
  if (name.startsWith('on')) throw unsafe('Handlers of events are not allowed.');
  if (name === 'srcdoc' || (name === 'http-equiv' && /refresh/i.test(value))) throw unsafe(`The attribute ${name} is not allowed.`);
  // Browsers pass over white space and control characters in the name of a scheme.
  const solid = value.replace(/[\p{Cc}\s]/gu, '');
  if (addresses.has(name) && !allowedAddress.test(solid)) throw unsafe(`Not a web, mail or telephone address: ${solid.slice(0, 40)}`);
  if (name === 'style' && styleThatLoads.test(solid.replace(/\/\*.*?\*\/|\\/g, ''))) throw unsafe('Styles can not load or run anything.');
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const named: Readonly<Record<string, string>> = {
  colon: ':',
  tab: '\t',
  newline: '\n',
  lpar: '(',
  rpar: ')',
  sol: '/',
  quot: '"',
  apos: "'",
  amp: '&',
};

/** An attribute's value as a browser reads it. */
const plain = (value: string): string =>
  value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const unsafe = (message: string): TemplateFault => new TemplateFault('UNSAFE', message);
