import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../context.ts';

/** Takes down what Apollo Server does before execution, and puts the explanation that was asked for into the answer's `extensions.explain`. */
export const explainer: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async ({ contextValue: { explanation } }) => {
    if (!explanation) return undefined;
    return {
      parsingDidStart: async () => {
        const end = explanation.begin('parsing');
        return async () => end();
      },
      validationDidStart: async () => {
        const end = explanation.begin('validation');
        return async () => end();
      },
      willSendResponse: async ({ response: { body } }) => {
        const explain = explanation.report();
        if (explain && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, explain };
      },
    };
  },
};
