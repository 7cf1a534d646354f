import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { accept, accountsHarness, addMember, createApiKey, present, refusals, roleIdOf } from '../../../test/support.ts';

const { as, admin, visitor, merchant, person, runtime, exchange, settled } = await accountsHarness();

const mutation = `mutation ($input: MemberAcceptInput!) {
  memberAccept(input: $input) { membership { id status enterable joinedAt store { slug } role { key } } userErrors { code field } }
}`;
const invited = async (slug: string) => {
  const owner = await merchant(slug);
  const guest = await person(`guest@${slug}.test`);
  const memberId = await addMember(owner.client, guest.email, await roleIdOf(owner.client, 'AGENT'));
  return { owner, guest, memberId };
};

describe('memberAccept', () => {
  it('makes the invited user a member, whom the store may know from then on', async () => {
    const { owner, guest, memberId } = await invited('joining');
    expect(await guest.client.data(mutation, { input: { memberId } })).toEqual({
      memberAccept: {
        membership: {
          id: memberId,
          status: 'ACTIVE',
          enterable: true,
          joinedAt: expect.any(String),
          store: { slug: 'joining' },
          role: { key: 'AGENT' },
        },
        userErrors: [],
      },
    });
    const query = 'query ($id: ID!) { member(id: $id) { status user { email firstName } } }';
    expect(await owner.client.data(query, { id: memberId })).toEqual({
      member: { status: 'ACTIVE', user: { email: 'guest@joining.test', firstName: 'Ann' } },
    });
    expect(
      await admin(
        `select type from events.log where type like 'member.%' and store_id = (select id from accounts.stores where slug = 'joining') order by id`,
      ),
    ).toEqual([{ type: 'member.added' }, { type: 'member.invited' }, { type: 'member.added' }]);
    await settled();
    expect(await admin(`select actor_kind from accounts.activities where action = 'memberAccept'`)).toEqual([{ actor_kind: 'STAFF' }]);
  });

  it('happens once, of ten calls at the same moment', async () => {
    const { guest, memberId } = await invited('race');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => refusals(guest.client, 'memberAccept', 'MemberAcceptInput', { memberId })),
    );
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter((codes) => codes[0] === 'NOT_INVITED memberId')).toHaveLength(9);
  });

  it('is up to the invited user alone: not to the owner, another user or an API key of the store', async () => {
    const { owner, guest, memberId } = await invited('consent');
    const stranger = await person('stranger@consent.test');
    const { secret } = await createApiKey(owner.client, ['members:write']);
    const key = as(present(await runtime.exchange?.({ kind: 'API_KEY', key: secret })));
    for (const client of [owner.client, stranger.client, key]) {
      expect(await refusals(client, 'memberAccept', 'MemberAcceptInput', { memberId })).toEqual(['NOT_FOUND memberId']);
    }
    expect(await visitor.codes(mutation, { input: { memberId } })).toEqual(['UNAUTHENTICATED']);
    expect((await exchange(guest.tokens.accessToken))?.permissions).toEqual([]);
    expect(await admin(`select status, joined_at from accounts.members where invited_email = 'guest@consent.test'`)).toEqual([
      { status: 'INVITED', joined_at: null },
    ]);
  });

  it('refuses bad input, a second time, and a member who is locked out, and changes nothing', async () => {
    const { guest, memberId } = await invited('strict');
    const refused = (id: string) => refusals(guest.client, 'memberAccept', 'MemberAcceptInput', { memberId: id });
    expect(await refused('')).toEqual(['NOT_FOUND memberId']);
    expect(await refused('x'.repeat(10_000))).toEqual(['NOT_FOUND memberId']);
    expect(await refused(newId('mem'))).toEqual(['NOT_FOUND memberId']);
    expect(await refused(newId('rol'))).toEqual(['NOT_FOUND memberId']);
    await accept(guest.client, memberId);
    expect(await refused(memberId)).toEqual(['NOT_INVITED memberId']);
    await admin(`update accounts.members set status = 'SUSPENDED' where invited_email = 'guest@strict.test'`);
    expect(await refused(memberId)).toEqual(['NOT_INVITED memberId']);
    expect(await admin(`select status from accounts.members where invited_email = 'guest@strict.test'`)).toEqual([{ status: 'SUSPENDED' }]);
  });
});
