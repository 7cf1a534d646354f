import { describe, expect, it } from 'vitest';
import { accountsHarness, present } from './support.ts';

const { merchant, colleague, sent } = await accountsHarness();

interface Page {
  readonly members: {
    readonly totalCount: number;
    readonly nodes: { readonly user: { readonly email: string; readonly phone: string | null } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const query = `query ($first: Int, $after: String) {
  members(first: $first, after: $after) {
    totalCount
    nodes { user { email displayName phone lastLogInAt } addedBy { email } role { key permissions } availableTransitions { name allowed reason } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const owner = await merchant('team');
for (const name of ['ann', 'ben', 'cas', 'dee', 'eve']) await colleague(owner, `${name}@team.test`, 'AGENT');

describe('members', () => {
  it('are paged from the first to the last, each once', async () => {
    const emails: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 3; pages += 1) {
      const { members }: Page = await owner.client.data<Page>(query, { first: 2, after });
      emails.push(...members.nodes.map(({ user }) => user.email));
      expect(members).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: pages < 2 } });
      after = present(members.pageInfo.endCursor);
    }
    expect(emails).toEqual(['owner', 'ann', 'ben', 'cas', 'dee', 'eve'].map((name) => `${name}@team.test`));
  });

  it('cost as many statements as one', async () => {
    sent();
    await owner.client.data(query, { first: 1 });
    const forOne = sent().length;
    await owner.client.data(query, { first: 100 });
    expect(sent()).toHaveLength(forOne);
  });

  it('see of each other what colleagues may know', async () => {
    const { members } = await owner.client.data<Page>(query, { first: 2 });
    expect(members.nodes).toEqual([
      {
        user: { email: 'owner@team.test', displayName: 'Ann Smith', phone: null, lastLogInAt: expect.any(String) },
        addedBy: null,
        role: { key: 'OWNER', permissions: owner.identity.permissions },
        availableTransitions: [
          { name: 'ROLE_CHANGE', allowed: false, reason: 'LAST_OWNER' },
          { name: 'SUSPEND', allowed: false, reason: 'LAST_OWNER' },
          { name: 'REINSTATE', allowed: false, reason: 'NOT_SUSPENDED' },
          { name: 'REMOVE', allowed: false, reason: 'LAST_OWNER' },
        ],
      },
      {
        user: { email: 'ann@team.test', displayName: 'Ann Smith', phone: null, lastLogInAt: null },
        addedBy: { email: 'owner@team.test' },
        role: { key: 'AGENT', permissions: expect.arrayContaining(['orders:write']) },
        availableTransitions: [
          { name: 'ROLE_CHANGE', allowed: true, reason: null },
          { name: 'SUSPEND', allowed: true, reason: null },
          { name: 'REINSTATE', allowed: false, reason: 'NOT_SUSPENDED' },
          { name: 'REMOVE', allowed: true, reason: null },
        ],
      },
    ]);
  });
});
