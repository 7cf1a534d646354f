import { beforeAll, describe, expect, it } from 'vitest';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../src/graph.ts';

let graph: GraphHarness;
let store: SeededStore;
beforeAll(async () => {
  graph = await graphHarness();
  store = await seedStore(graph);
});

const logIn = (alias: string, email: string, password: string) =>
  `${alias}: sessionCreate(input: { email: "${email}", password: "${password}" }) { session { accessToken } userErrors { code } }`;
const wrong = (count: number, email: string) =>
  Array.from({ length: count }, (_, n) => logIn(`a${n}`, email, `a wrong password ${n}`)).join(' ');
const codes = (answer: Record<string, { userErrors: { code: string }[] }>) =>
  Object.values(answer).map(({ userErrors }) => userErrors[0]?.code);

describe('log-ins that are tried under aliases of one request', () => {
  it('count one by one', async () => {
    const { email, password } = store.credentials;
    const visitor = graph.client();
    const answer = await visitor.data<Record<string, { userErrors: { code: string }[] }>>(`mutation { ${wrong(10, email)} }`);
    expect(codes(answer)).toEqual([...Array<string>(5).fill('INVALID_CREDENTIALS'), ...Array<string>(5).fill('TOO_MANY_ATTEMPTS')]);
    expect(codes(await visitor.data(`mutation { ${logIn('right', email, password)} }`))).toEqual(['TOO_MANY_ATTEMPTS']);
  });

  it('are at most ten, also through a fragment', async () => {
    const eleven = { errors: [{ extensions: { code: 'BAD_REQUEST', limit: 'mutations' } }] };
    expect(await graph.client().run(`mutation { ${wrong(11, 'nobody@example.test')} }`)).toMatchObject(eleven);
    const spread = `mutation { ...More ${wrong(6, 'nobody@example.test')} } fragment More on Mutation { ${wrong(6, 'nobody@example.test').replaceAll(/\ba(\d)/g, 'b$1')} }`;
    expect(await graph.client().run(spread)).toMatchObject(eleven);
  });
});
