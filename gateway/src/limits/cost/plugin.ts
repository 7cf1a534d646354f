import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { RequestContext } from '../../context.ts';
import type { Charge, Costs } from './costs.ts';

/** Charges what comes over Apollo Server, and puts `extensions.cost` into its answers. `objectsIn` counts the objects of an answer below its root. */
export function costMeter(costs: Costs, objectsIn: (data: unknown) => number): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () => {
      let charge: Promise<Charge> | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ document, operation, request, contextValue }) => {
          if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return;
          charge = costs.charge(document, operation, request.variables ?? {}, contextValue);
          await charge;
        },
        willSendResponse: async ({ response: { body }, contextValue }) => {
          // Whoever hangs up has been charged: else to ask and to hang up would cost nothing.
          if (contextValue.signal?.aborted) return;
          // One that was refused was charged nothing, and another check may have refused after the charge.
          const made = await charge?.catch(() => undefined);
          if (!made || body.kind !== 'single') return;
          const cost = await made.settle(objectsIn(body.singleResult.data));
          body.singleResult.extensions = { ...body.singleResult.extensions, cost };
        },
      });
    },
  };
}
