import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('macroDelete', () => {
  it('takes a reply away', async () => {
    const macro = async (title: string, on = desk) =>
      (await on.done<{ macro: { id: string } }>('macroCreate', { title, content: 'x' })).macro.id;
    const macroId = await macro('One');
    expect(await desk.mutate('macroDelete', { macroId }, 'macro { id title }')).toEqual({
      macro: { id: macroId, title: 'One' },
      userErrors: [],
    });
    expect(await desk.refused('macroDelete', { macroId })).toEqual([['NOT_FOUND', 'macroId']]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const macro = async (title: string, on = desk) =>
      (await on.done<{ macro: { id: string } }>('macroCreate', { title, content: 'x' })).macro.id;
    for (const macroId of ['nonsense', newId('mac'), await macro('Foreign', messaging.desk())])
      expect(await desk.refused('macroDelete', { macroId })).toEqual([['NOT_FOUND', 'macroId']]);
  });
});
