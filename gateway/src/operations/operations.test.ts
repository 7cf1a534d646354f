import { anonymous } from '@storegraph/auth';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import type { CompiledOperation, Engine } from '../execution/contract.ts';
import { createLimitGuard, defaultLimits } from '../limits/limits.ts';
import { createPersistedOperations } from '../persisted/persisted.ts';
import { createOperations } from './operations.ts';
import { createOperationRules } from './rules.ts';

const rules = createOperationRules({
  guard: createLimitGuard(defaultLimits),
  persisted: createPersistedOperations(undefined),
  maxTokens: defaultLimits.tokens,
  introspection: false,
});

/** One that plans when it is let. */
function engine(sdl: string) {
  const planning = Promise.withResolvers<CompiledOperation>();
  const asked = Promise.withResolvers<void>();
  const made: Engine = {
    schema: buildSchema(sdl),
    subgraphs: [],
    operation: () => {
      asked.resolve();
      return planning.promise;
    },
    hottest: () => [],
    kept: () => 0,
  };
  return { engine: made, asked: asked.promise, plan: (compiled: object) => planning.resolve(compiled as CompiledOperation) };
}

it('what was being planned when another supergraph came is planned for that one, or refused by it', async () => {
  const query = 'subscription { ticks }';
  const sdl = 'type Query { any: Int } type Subscription { ticks: Int }';
  const [former, latter, last] = [engine(sdl), engine(sdl), engine(sdl.replace('ticks', 'tocks'))];
  let used = former.engine;
  const operations = createOperations(() => used, rules);
  const prepared = operations.prepare({ query, way: 'CONNECTION' }, anonymous());
  await former.asked;
  used = latter.engine;
  former.plan({ plan: 'former' });
  await latter.asked;
  latter.plan({ plan: 'latter' });
  expect(await prepared).toMatchObject({ compiled: { plan: 'latter' }, schema: latter.engine.schema });

  used = former.engine;
  const refused = operations.prepare({ query, way: 'CONNECTION' }, anonymous());
  used = last.engine;
  await expect(refused).rejects.toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
});
