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
export type ReportErrors = (run: Run, answer: FetchAnswer, targets: readonly (readonly Entity[])[]) => void;

/** More errors of one fetch than this say nothing new. */
const maxMissing = 100;
const maxReported = 1_000;

export function compileErrors(node: FetchNode, path: PlanPath, compilation: Compilation): ReportErrors {
  const { client } = compilation;
  const renamed = renamedKeys(node.outputRewrites);
  const shown = (place: ResponsePath, inside: ResponsePath) =>
    client.trimmed([...place, ...inside.map((key) => (typeof key === 'string' ? (renamed.get(key) ?? key) : key))]);

  return (run, { data, errors }, targets) => {
    const known = placesAt(run.root, path);
    const placesOf = (entities: readonly Entity[] = []) => entities.flatMap((entity) => known.get(entity) ?? []);

    /** The fields that stay empty: of each entity at each of its places, those that the client asked for, or else the entity itself. */
    function* missing(): Generator<ResponsePath> {
      const keysOf = compilation.fetchKeys(node);
      for (const entities of targets) {
        for (const place of placesOf(entities)) {
          const fields = keysOf(entities[0]?.['__typename']).map((key) => shown(place, [key]));
          const asked = fields.filter(({ length }) => length > place.length);
          yield* asked.length > 0 ? asked : [place];
        }
      }
    }

    function* places({ path: inside }: FetchError): Generator<ResponsePath | undefined> {
      if (!node.requires) {
        if (inside) for (const place of placesOf(targets[0])) yield shown(place, inside);
        else if (data) yield undefined;
        else yield* missing();
        return;
      }
      const index = inside?.[1];
      if (inside && typeof index === 'number') for (const place of placesOf(targets[index])) yield shown(place, inside.slice(2));
      else if (data && !inside) yield undefined;
      else yield* missing();
    }

    let left = maxReported;
    for (const error of errors) {
      let leftOfThis = error.path ? left : Math.min(left, maxMissing);
      for (const place of places(error)) {
        if (leftOfThis === 0) break;
        run.errors.push(formatted(error, place, node.serviceName));
        leftOfThis -= 1;
        left -= 1;
      }
    }
  };
}

function formatted({ message, extensions }: FetchError, path: ResponsePath | undefined, serviceName: string): GraphQLFormattedError {
  const code = extensions?.['code'] ?? 'DOWNSTREAM_SERVICE_ERROR';
  return { message, ...(path && path.length > 0 && { path }), extensions: { ...extensions, code, serviceName } };
}
