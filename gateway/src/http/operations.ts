import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../context.ts';
import type { OperationRules } from '../operations/rules.ts';

/** Refuses, before anything is planned, what may not be run. Looked at for each request, since Apollo Server validates a document only once. */
export const operationCheck = (rules: OperationRules): ApolloServerPlugin<RequestContext> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: async ({ document, request: { operationName }, contextValue: { identity } }) =>
        void rules.admit(document, operationName, identity, 'REQUEST'),
    }),
});
