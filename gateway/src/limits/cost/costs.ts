import { HeaderMap } from '@apollo/server';
import { networkOf, type Identity } from '@storegraph/auth';
import { buildSchema, type DocumentNode, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { refused } from '../../errors.ts';
import type { BucketOptions, Buckets, ThrottleStatus } from './bucket.ts';
import { estimate, type Variables } from './estimate.ts';
import { plainly, weightsOf, type Weigh } from './weights.ts';

/** `extensions.cost` of an answer. */
export interface CostReport {
  /** The most that the operation was expected to cost: what it was charged at first. */
  readonly requestedQueryCost: number;
  /** What it was charged in the end. */
  readonly actualQueryCost: number;
  readonly throttleStatus: ThrottleStatus;
}

/** Who is charged. */
export interface Payer {
  readonly identity: Identity;
  readonly ip: string | null;
}

export interface Charge {
  /** Settles the charge by how many objects stand in the answer. Once. */
  settle(objects: number): Promise<CostReport>;
}

/** Charges operations by their cost. */
export interface Costs {
  /** Charges what the operation is expected to cost. Throws MAX_COST_EXCEEDED when no bucket holds so much, and THROTTLED when the payer's does not now. */
  charge(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables, payer: Payer): Promise<Charge>;
  /** Another supergraph has other weights. */
  use(supergraphSdl: string): void;
  close(): Promise<void>;
}

interface Estimates {
  readonly requested: (variables: Variables) => number;
  /** The same by the count of objects alone. */
  readonly objects: (variables: Variables) => number;
}

export function createCosts(supergraphSdl: string, { maximumAvailable }: Pick<BucketOptions, 'maximumAvailable'>, buckets: Buckets): Costs {
  let { schema, weigh, known } = modelOf(supergraphSdl);

  function estimatesOf(document: DocumentNode, operation: OperationDefinitionNode): Estimates {
    const found = known.get(operation);
    if (found) return found;
    const made = {
      requested: estimate(schema, weigh, document, operation),
      objects: estimate(schema, plainly(weigh), document, operation),
    };
    known.set(operation, made);
    return made;
  }

  return {
    async charge(document, operation, variables, payer) {
      const estimates = estimatesOf(document, operation);
      const requestedQueryCost = estimates.requested(variables);
      if (requestedQueryCost > maximumAvailable)
        throw refused(
          'MAX_COST_EXCEEDED',
          `The operation would cost ${requestedQueryCost} points, and no operation may cost more than ${maximumAvailable}.`,
          {
            cost: { requestedQueryCost, maximumAvailable },
          },
        );
      const key = keyOf(payer);
      const { status, waitMs } = await buckets.take(key, requestedQueryCost);
      if (waitMs > 0) throw throttled(requestedQueryCost, status, Math.ceil(waitMs / 1_000));
      // What weights add to the count of objects is charged as it was expected: an answer does not tell it.
      const added = requestedQueryCost - estimates.objects(variables);
      return {
        settle: async (objects) => {
          const actualQueryCost = objects + added;
          return { requestedQueryCost, actualQueryCost, throttleStatus: await buckets.giveBack(key, requestedQueryCost - actualQueryCost) };
        },
      };
    },
    use(sdl) {
      ({ schema, weigh, known } = modelOf(sdl));
    },
    close: () => buckets.close(),
  };
}

function modelOf(supergraphSdl: string): { schema: GraphQLSchema; weigh: Weigh; known: WeakMap<OperationDefinitionNode, Estimates> } {
  const schema = buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true, noLocation: true });
  return { schema, weigh: weightsOf(schema), known: new WeakMap() };
}

function throttled(requestedQueryCost: number, throttleStatus: ThrottleStatus, seconds: number): GraphQLError {
  const { currentlyAvailable } = throttleStatus;
  const message = `The operation costs ${requestedQueryCost} points, and ${currentlyAvailable} are left. Repeat it in ${seconds} s.`;
  const error = refused('THROTTLED', message, { cost: { requestedQueryCost, throttleStatus } });
  Object.assign(error.extensions.http ?? {}, { headers: new HeaderMap([['retry-after', String(seconds)]]) });
  return error;
}

/** The bucket of one app in one store: an API key, a user, a shopper, and of visitors a network. Nobody empties another one's. */
function keyOf({ identity: { storeId, subjectId }, ip }: Payer): string {
  return `${storeId ?? ''}:${subjectId ?? networkOf(ip) ?? ''}`;
}
