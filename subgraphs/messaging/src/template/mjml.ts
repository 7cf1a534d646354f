import { readFileSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { TemplateFault } from './liquid.ts';

/** What stands around every mail: head, styles for light and dark, and foot. `<!-- body -->` marks the place of the mail's own. */
const layout = readFileSync(new URL('../../templates/layout.mjml', import.meta.url), 'utf8');

const element = /<\/?(mj[a-z-]*)/gi;
const allowedElements = new Set(
  [
    'section',
    'column',
    'group',
    'wrapper',
    'text',
    'button',
    'image',
    'divider',
    'spacer',
    'table',
    'raw',
    'hero',
    'social',
    'social-element',
  ].map((name) => `mj-${name}`),
);
const compiled = new LRUCache<string, string>({ max: 200 });

/**
 * The HTML of a mail's MJML within the layout, its Liquid untouched: it is filled afterwards, which costs a hundredth of it. Throws TemplateFault for
 * what is no MJML, for elements that belong to the layout or read files, and for what MJML itself finds wrong.
 */
export async function compileMjml(body: string): Promise<string> {
  const known = compiled.get(body);
  if (known !== undefined) return known;
  for (const [, name = ''] of body.matchAll(element)) {
    if (!allowedElements.has(name.toLowerCase())) throw new TemplateFault('UNSAFE', `The element ${name} is not allowed.`);
  }
  const html = await toHtml(layout.replace('<!-- body -->', () => body));
  compiled.set(body, html);
  return html;
}

/** It takes a moment to load. A process that sends mail does so before the first one, in whose transaction there is no time for it. */
export const loadMjml = () => import('mjml');

async function toHtml(source: string): Promise<string> {
  const { default: mjml } = await loadMjml();
  try {
    // `fonts`: else it has readers fetch the fonts it knows.
    const { html } = await mjml(source, { validationLevel: 'strict', ignoreIncludes: true, keepComments: false, fonts: {} });
    return html;
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ').trim() : '';
    throw new TemplateFault('SYNTAX', message.replace(/ of \/\S+/g, ''));
  }
}
