import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('macroCreate', () => {
  it('keeps a reply, and gives it with its values', async () => {
    const conversationId = await desk.conversation(await desk.customer(), { subject: 'Your lantern' });
    const { macro } = await desk.done<{ macro: { id: string } }>(
      'macroCreate',
      { title: 'Hello', content: 'Hello {{ name }}, about {{ conversation.subject }}: {{ what }}' },
      'macro { id title variables }',
    );
    expect(macro).toEqual({ id: macro.id, title: 'Hello', variables: ['name', 'conversation.subject', 'what'] });
    const ask =
      'query ($id: ID!, $c: ID, $v: [MacroValue!]) { macroText(id: $id, conversationId: $c, values: $v) { content missing } macros { nodes { id } } }';
    const agent = await desk.member();
    expect(await agent.client.data(ask, { id: macro.id, c: conversationId, v: [{ name: 'name', value: 'Anna' }] })).toEqual({
      macroText: { content: 'Hello Anna, about Your lantern: {{ what }}', missing: ['what'] },
      macros: { nodes: [{ id: macro.id }] },
    });
    expect(await messaging.desk().staff.data(ask, { id: macro.id })).toEqual({ macroText: null, macros: { nodes: [] } });
  });

  it('answers bad input with a code and the field, and keeps nothing', async () => {
    const shop = messaging.desk();
    const create = (input: object) => shop.refused('macroCreate', { title: 'A', content: 'x', ...input });
    expect(await create({ title: ' ', content: '' })).toEqual([
      ['REQUIRED', 'title'],
      ['REQUIRED', 'content'],
    ]);
    expect(await create({ title: 'x'.repeat(101) })).toEqual([['TOO_LONG', 'title']]);
    expect(await create({ content: '{{ a | upcase }}' })).toEqual([['INVALID', 'content']]);
    expect(await shop.staff.data('{ macros { totalCount } }')).toEqual({ macros: { totalCount: 0 } });
    await shop.done('macroCreate', { title: 'A', content: 'x' });
    expect(await create({})).toEqual([['TITLE_TAKEN', 'title']]);
  });
});
