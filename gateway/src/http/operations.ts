import type { ApolloServerPlugin } from '@apollo/server';
import { getOperationAST, OperationTypeNode } from 'graphql';
import type { RequestContext } from '../context.ts';
import { refused } from '../errors.ts';

/** Refuses, before anything is planned, an operation that the document does not have, and a subscription, which needs a connection that stays. */
export const operationCheck: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ document, request }) => {
        const operation = getOperationAST(document, request.operationName);
        if (!operation)
          return Promise.reject(refused('BAD_REQUEST', 'The document has no operation of that name, or several and none was named.'));
        if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return Promise.resolve();
        return Promise.reject(refused('BAD_REQUEST', 'Subscriptions are not served over a plain request.'));
      },
    }),
};
