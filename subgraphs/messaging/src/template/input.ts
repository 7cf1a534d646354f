import { fail, type Result } from '@storegraph/core';
import { locale, multiline, text } from '@storegraph/subgraph';
import { z } from 'zod';
import { TemplateFault } from './liquid.ts';
import { templateFormats } from './template.ts';

/** Of a template: `order-placed`. */
const code = text(60);

/** Which template, in which language. */
export const which = z.object({ code, language: locale });

/** What somebody writes. */
export const words = z.object({
  subject: text(500),
  format: z.enum(templateFormats),
  source: multiline(60_000),
  text: multiline(60_000).nullish(),
});

/** The words as they are stored. */
export const wordsOf = ({ subject, format, source, text: plain = null }: z.output<typeof words>) => ({ subject, format, source, plain });

/** What a faulty template is refused with. */
export type FaultCode = TemplateFault['code'];

/** Gives a fault of the template as a refusal; everything else is thrown on. */
export async function refusingFaults<T extends Result<unknown>>(
  field: readonly string[],
  work: () => Promise<T>,
): Promise<T | Result<never, FaultCode>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TemplateFault)
      return fail(error.code, error.message, error.code === 'SUBJECT' ? [...field.slice(0, -1), 'subject'] : field);
    throw error;
  }
}
