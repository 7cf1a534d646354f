import { fail, ok } from '@storegraph/core';
import { jsonObject, validate, type Context } from '@storegraph/subgraph';
import { senderOf } from '../../email-settings/sender.ts';
import { refusingFaults, which, words, wordsOf } from '../input.ts';
import { checkNames, render } from '../render.ts';
import { resolveTemplate } from '../resolve.ts';
import { missing, sampleOf } from '../template.ts';
import { nearest } from '../versions.ts';

const schema = which.extend({ words: words.nullish(), values: jsonObject(20_000).nullish() });

export function emailTemplatePreview({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return Promise.resolve(checked);
  const { code, language, values, words: written } = checked.value;
  return refusingFaults(written ? ['words', 'source'] : ['code'], () =>
    db.read(async (tx) => {
      const resolution = written ? null : ((await resolveTemplate(tx, code, language)) ?? null);
      const template = resolution?.template ?? (await nearest(tx, { code, language }));
      if (!template) return fail('NOT_FOUND', 'There is no template of this code.', ['code']);
      const said = written ? wordsOf(written) : (resolution?.words ?? template);
      if (written) await checkNames(said, template.variables);
      const filled = { ...sampleOf(template.variables), ...values };
      const lacking = missing(template.variables, filled);
      if (lacking.length > 0) return fail('MISSING_VARIABLE', `Missing: ${lacking.join(', ')}.`, ['values']);
      const rendered = await render(said, filled, { sender: await senderOf(tx), language: resolution?.language ?? language });
      return ok({ ...rendered, resolution });
    }),
  );
}
