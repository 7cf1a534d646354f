import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('macroUpdate', () => {
  it('changes a reply', async () => {
    const macro = async (title: string, on = desk) =>
      (await on.done<{ macro: { id: string } }>('macroCreate', { title, content: 'x' })).macro.id;
    expect(
      await desk.mutate('macroUpdate', { macroId: await macro('One'), title: 'Uno', content: 'y' }, 'macro { title content }'),
    ).toEqual({
      macro: { title: 'Uno', content: 'y' },
      userErrors: [],
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const macro = async (title: string, on = desk) =>
      (await on.done<{ macro: { id: string } }>('macroCreate', { title, content: 'x' })).macro.id;
    const [macroId] = [await macro('Two'), await macro('Three')];
    const update = (input: object) => desk.refused('macroUpdate', { macroId, title: 'Two', content: 'x', ...input });
    expect(await update({ content: ' ' })).toEqual([['REQUIRED', 'content']]);
    expect(await update({ title: 'Three' })).toEqual([['TITLE_TAKEN', 'title']]);
    for (const id of ['nonsense', newId('mac'), await macro('Foreign', messaging.desk())])
      expect(await update({ macroId: id })).toEqual([['NOT_FOUND', 'macroId']]);
  });
});
