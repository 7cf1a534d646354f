import { convert } from 'html-to-text';
import { TemplateFault, fill, namesIn } from './liquid.ts';
import { compileMjml } from './mjml.ts';
import { assertReadable, assertSafe } from './safety.ts';
import { givenNames, type Sender, type Values, type Variable, type Words } from './template.ts';

/** A mail as it is sent. */
export interface Rendered {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** A hundred kilobytes and more are cut off by the readers that most people have. */
const mostHtml = 300_000;
const mostSubject = 500;

/** Puts the values into a template. Throws TemplateFault where the template, or what comes out, can't be sent. */
export async function render(words: Words, values: Values, { sender, language }: { sender: Sender; language: string }): Promise<Rendered> {
  const scope = { ...values, sender, language };
  const subject = fill(words.subject, scope, 'text').trim();
  if (/\p{Cc}/u.test(subject)) throw new TemplateFault('SUBJECT', 'A subject is one line.');
  if (subject === '' || subject.length > mostSubject) throw new TemplateFault('SUBJECT', `A subject has 1 to ${mostSubject} characters.`);
  const html = fill(await htmlOf(words), { ...scope, subject }, 'html');
  if (html.length > mostHtml) throw new TemplateFault('TOO_MUCH', `A mail has at most ${mostHtml} characters.`);
  assertSafe(html);
  const text = words.plain === null ? textOf(html) : fill(words.plain, scope, 'text');
  return { subject, html, text };
}

/** Throws TemplateFault unless the template can be parsed, and names nothing but the variables that are declared, in its subject none that is a secret. */
export async function checkNames(words: Words, variables: readonly Variable[]): Promise<void> {
  const known = new Set([...variables.map(({ name }) => name), ...givenNames, 'subject']);
  const secrets = new Set(variables.filter(({ secret }) => secret).map(({ name }) => name));
  const told = namesIn(words.subject).filter((name) => secrets.has(name));
  if (told.length > 0) throw new TemplateFault('SUBJECT', `A subject names no secret: ${told.join(', ')}`);
  const used = [words.subject, await htmlOf(words), words.plain ?? ''].flatMap(namesIn);
  const unknown = [...new Set(used)].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new TemplateFault('UNKNOWN_VARIABLE', `Not a variable of this template: ${unknown.join(', ')}`);
}

function htmlOf({ format, source }: Words): Promise<string> {
  assertReadable(source);
  return format === 'MJML' ? compileMjml(source) : Promise.resolve(source);
}

/** The part for those who read text: links written out, nothing of pictures. */
const textOf = (html: string): string =>
  convert(html, {
    wordwrap: 78,
    limits: { maxInputLength: mostHtml },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ['<', '>'] } },
      // Every other table is there for the layout.
      { selector: '.rows > table', format: 'dataTable' },
      { selector: 'table', format: 'block' },
    ],
  }).replace(/\n{3,}/g, '\n\n');
