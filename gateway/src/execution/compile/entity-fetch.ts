import type { FetchNode } from '@apollo/query-planner';
import type { FetchAnswer } from '../contract.ts';
import { isObject } from '../own.ts';
import type { Compilation } from './compilation.ts';
import { compileErrors } from './errors.ts';
import { compileFill } from './fill.ts';
import { groupEntities, membersOf } from './groups.ts';
import type { ForEach, PlanPath } from './path.ts';
import { compileVariables } from './request.ts';
import { compileRequires } from './requires.ts';
import { compileRewrites } from './rewrites.ts';
import type { Step } from './run.ts';

type EntityFetchNode = FetchNode & Required<Pick<FetchNode, 'requires'>>;

export const isEntityFetch = (node: FetchNode): node is EntityFetchNode => node.requires !== undefined;

/** Compiles a fetch that asks for fields of entities: for each of them once, at however many places it stands. */
export function compileEntityFetch(node: EntityFetchNode, path: PlanPath, forEach: ForEach, compilation: Compilation): Step {
  const { supergraphSchema } = compilation;
  const fetch = compilation.fetchOf(node);
  const representing = compileRequires(node.requires, compileRewrites(node.inputRewrites, supergraphSchema), supergraphSchema);
  const variables = compileVariables(node);
  const fill = compileFill(node, path, compilation);
  const errors = compileErrors(node, path, compilation);
  const sharing = compilation.sharing.numberOf(path);
  const mayUnite = compilation.sharing.mayUnite(path);

  return async (run, from) => {
    if (run.call.signal?.aborted) return;
    const groups = groupEntities(representing, mayUnite);
    forEach(from, run.shared, groups.add);
    const { texts, targets } = groups;
    if (texts.length === 0) return;
    const count = groups.count();
    if (sharing !== undefined && texts.length < count && run.shared[sharing] !== 'many')
      run.shared[sharing] = texts.length * 4 <= count * 3 ? 'many' : 'some';
    const others = variables(run.call.variables);
    const text = `{${others === '' ? '' : `${others},`}"representations":[${texts.join(',')}]}`;
    const answer = await run.fetch(fetch, text, targets.length);
    if (answer.errors.length > 0) errors(run, answer, targets.map(membersOf));
    const received = entitiesOf(answer);
    for (let index = 0; index < received.length; index += 1) {
      const entity = received[index];
      const equal = targets[index];
      if (equal && isObject(entity)) fill(entity, equal);
    }
  };
}

function entitiesOf({ data }: FetchAnswer): readonly unknown[] {
  const received = data?.['_entities'];
  return Array.isArray(received) ? received : [];
}
