import type { Tx } from '@storegraph/database';
import { senderOf } from '../email-settings/sender.ts';
import { checkNames, render } from './render.ts';
import type { EmailTemplateRow } from './tables.ts';
import { sampleOf, type Words } from './template.ts';

/** Sends it to nobody. Throws TemplateFault for words that could not be sent. */
export async function tryOut(tx: Tx, words: Words, { variables }: EmailTemplateRow, language: string): Promise<void> {
  await checkNames(words, variables);
  await render(words, sampleOf(variables), { sender: await senderOf(tx), language });
}
