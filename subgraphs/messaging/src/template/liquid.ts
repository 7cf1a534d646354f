import { Liquid, type Context, type Template } from 'liquidjs';
import { writtenDay, writtenMoment, writtenMoney, type Locale } from './written.ts';

/** A template that can't be parsed or rendered, or asks for too much. The message is for its author. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  readonly code: 'SYNTAX' | 'TOO_MUCH' | 'UNKNOWN_VARIABLE' | 'UNSAFE' | 'SUBJECT';

  constructor(code: TemplateFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A mail takes a thousandth of these. Loops over what is there already cost time alone, and time is this process's. */
const most = { characters: 100_000, milliseconds: 500, objects: 100_000 } as const;

const allowedTags = new Set(['assign', 'for', 'break', 'continue', 'case', 'if', 'unless', 'comment', 'cycle']);
const allowedFilters = new Set([
  ...['append', 'prepend', 'capitalize', 'upcase', 'downcase', 'strip', 'truncate', 'truncatewords', 'replace', 'replace_first', 'remove'],
  ...['escape', 'escape_once', 'newline_to_br', 'url_encode', 'default', 'split', 'join', 'first', 'last', 'size', 'slice', 'reverse'],
  ...[
    'sort',
    'map',
    'compact',
    'uniq',
    'plus',
    'minus',
    'times',
    'divided_by',
    'modulo',
    'round',
    'ceil',
    'floor',
    'abs',
    'at_least',
    'at_most',
  ],
]);

/** `html`: what is put out is escaped. A template reaches no file, no other template, no property but the data's own, and no filter or tag that is not listed. */
function engineFor(output: 'html' | 'text'): Liquid {
  const engine = new Liquid({
    ...(output === 'html' && { outputEscape: 'escape' as const }),
    ownPropertyOnly: true,
    strictFilters: true,
    templates: {},
    dynamicPartials: false,
    parseLimit: most.characters,
    renderLimit: most.milliseconds,
    memoryLimit: most.objects,
    timezoneOffset: 0,
  });
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of Object.keys(engine.filters)) if (!allowedFilters.has(filter)) Reflect.deleteProperty(engine.filters, filter);
  engine.registerFilter('money', written(writtenMoney));
  engine.registerFilter('day', written(writtenDay));
  engine.registerFilter('moment', written(writtenMoment));
  return engine;
}

/** A filter that writes a value as the mail's language does, in the sender's time zone. */
const written = (write: (value: unknown, locale: Locale) => string) =>
  function filter(this: { readonly context: Context }, value: unknown): string {
    const language: unknown = this.context.getSync(['language']);
    const timeZone: unknown = this.context.getSync(['sender', 'timeZone']);
    return write(value, { language: String(language), timeZone: String(timeZone) });
  };

const engines = { html: engineFor('html'), text: engineFor('text') };

/** The Liquid text with the values in it. Throws TemplateFault. */
export function fill(source: string, values: Readonly<Record<string, unknown>>, output: 'html' | 'text'): string {
  return guarded(() => {
    const templates = parse(source, output);
    const filled = unstalled((): unknown => engines[output].renderSync(templates, values));
    return String(filled);
  });
}

/** Runs again what took long while it was not running: the limit of time knows the wall clock alone, and a busy machine is no fault of the template. */
function unstalled<T>(work: () => T): T {
  for (let again = 4; ; again--) {
    const begun = process.threadCpuUsage();
    try {
      return work();
    } catch (error) {
      const { user, system } = process.threadCpuUsage(begun);
      if (again === 0 || !isTimeUp(error) || (user + system) / 1000 > most.milliseconds / 5) throw error;
    }
  }
}

const isTimeUp = (error: unknown): boolean => error instanceof Error && /render limit exceeded/.test(error.message);

/** The names of the variables that a Liquid text asks for. Throws TemplateFault. */
export const namesIn = (source: string): readonly string[] => guarded(() => engines.text.globalVariablesSync(parse(source, 'text')));

const parse = (source: string, output: 'html' | 'text'): Template[] => engines[output].parse(source);

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'Can not be read.';
    throw new TemplateFault(/limit exceeded/.test(message) ? 'TOO_MUCH' : 'SYNTAX', message);
  }
}
