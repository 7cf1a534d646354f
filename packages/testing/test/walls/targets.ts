import { isObjectType } from 'graphql';
import { accessMatrix } from './access-matrix.ts';
import { entityOperation, rootOperation, wayTo, type Operation } from './operations.ts';
import { domains } from './sdl.ts';
import type { Rows } from './world.ts';

/** What the platform has ready for every store, and is nobody's. */
export const everybodys: ReadonlySet<string> = new Set(['Query.emailTemplate', 'EmailTemplate']);

/** One place of the matrix that can be called. */
export interface Target {
  readonly domain: string;
  readonly place: string;
  /** Every rule on the way there, the place's own last. */
  readonly rules: readonly string[];
  readonly isMutation: boolean;
  operation(rows: Rows): Operation;
}

/** The names of the rows that its operation is about, and who stands before it. */
export function rowsOf(target: Target, rows: Rows): ReadonlySet<string> {
  const names = new Set(target.rules.some((rule) => rule.includes('CUSTOMER')) ? ['customerId'] : []);
  target.operation(new Proxy(rows, { get: (all, name: string) => (names.add(name), all[name]) }));
  return names;
}

/** Every place of the matrix, mutations last: they change what the others read. */
export function targets(): Target[] {
  const all = domains.flatMap(({ name: domain, schema }) => {
    const rules = accessMatrix[domain] ?? {};
    const guarded = new Set(Object.keys(rules));
    const entities = Object.keys(rules).filter((place) => !place.includes('.'));
    return Object.entries(rules).map(([place, rule]): Target => {
      const [type = '', field] = place.split('.');
      if (type === 'Query' || type === 'Mutation' || type === 'Subscription') {
        const operation = (rows: Rows) => rootOperation(schema, type, field ?? '', rows, guarded);
        return { domain, place, rules: [rule], isMutation: type === 'Mutation', operation };
      }
      if (!isObjectType(schema.getType(type))) throw new Error(`The matrix names ${type}, which ${domain} does not have`);
      const way = wayTo(schema, entities, type);
      const fields = field === undefined ? way.fields : [...way.fields, field];
      return {
        domain,
        place,
        rules: [...new Set([...way.places.flatMap((passed) => rules[passed] ?? []), rule])],
        isMutation: false,
        operation: (rows) => entityOperation(schema, way.entity, fields, rows, guarded),
      };
    });
  });
  return all.toSorted((one, other) => Number(one.isMutation) - Number(other.isMutation));
}
