import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import type { FetchAnswer, FetchError } from '../contract.ts';
import type { Entity } from '../own.ts';
import type { Compilation } from './compilation.ts';
import type { PlanPath } from './path.ts';
import { placesAt, type ResponsePath } from './places.ts';
import { renamedKeys } from './rewrites.ts';
import type { Run } from './run.ts';

/** Puts a fetch's errors where the client meets them. `targets` holds, for each entity that was asked for, the objects of the graph that it stands for. */
export type ReportErrors = (run: Run, answer: FetchAnswer, targets: Targets) => void;

type Targets = readonly (readonly Entity[])[];

interface Concern {
  readonly groups: Targets;
  /** Where inside each of them; undefined for all of their fields. */
  readonly inside: ResponsePath | undefined;
}

/** More errors of one fetch than this say nothing new. */
const maxMissing = 100;
const maxReported = 1_000;

export function compileErrors(node: FetchNode, path: PlanPath, compilation: Compilation): ReportErrors {
  const { client } = compilation;
  const renamed = renamedKeys(node.outputRewrites);
  const shown = (place: ResponsePath, inside: ResponsePath) =>
    client.trimmed([...place, ...inside.map((key) => (typeof key === 'string' ? (renamed.get(key) ?? key) : key))]);

  /** What an error is about. Without a path inside, and without data, all that was asked for; with data, nothing in particular. */
  function concernOf({ path: inside }: FetchError, { data }: FetchAnswer, targets: Targets): Concern {
    if (inside && !node.requires) return { groups: targets.slice(0, 1), inside };
    const index = inside?.[1];
    if (inside && typeof index === 'number') return { groups: targets.slice(index, index + 1), inside: inside.slice(2) };
    return { groups: data && !inside ? [] : targets.slice(0, maxMissing), inside: undefined };
  }

  return (run, answer, targets) => {
    const concerns = answer.errors.slice(0, maxReported).map((error) => ({ error, ...concernOf(error, answer, targets) }));
    const wanted = new Set(concerns.flatMap(({ groups }) => groups));
    const known = placesAt(run.root, path, new Set([...wanted].flat()));

    /** Each place of an entity, or else each of the fields there that stay empty: those that the client asked for, or else the entity itself. */
    function* places({ groups, inside }: Concern): Generator<ResponsePath> {
      const keysOf = compilation.fetchKeys(node);
      for (const entities of groups) {
        for (const place of entities.flatMap((entity) => known.get(entity) ?? [])) {
          const fields = inside ? [] : keysOf(entities[0]?.['__typename']).map((key) => shown(place, [key]));
          const asked = fields.filter(({ length }) => length > place.length);
          if (asked.length > 0) yield* asked;
          else yield inside ? shown(place, inside) : place;
        }
      }
    }

    let left = maxReported;
    for (const { error, ...concern } of concerns) {
      if (left === 0) return;
      const found = [...places(concern).take(concern.inside ? left : Math.min(left, maxMissing))];
      // What can't be put anywhere is told all the same.
      const told = found.length > 0 ? found : [undefined];
      for (const place of told) run.errors.push(formatted(error, place, node.serviceName));
      left -= told.length;
    }
  };
}

function formatted({ message, extensions }: FetchError, path: ResponsePath | undefined, serviceName: string): GraphQLFormattedError {
  const code = extensions?.['code'] ?? 'DOWNSTREAM_SERVICE_ERROR';
  return { message, ...(path && path.length > 0 && { path }), extensions: { ...extensions, code, serviceName } };
}
