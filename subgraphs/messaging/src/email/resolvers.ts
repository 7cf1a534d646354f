import { readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { open } from './content.ts';
import { loaders } from './loaders.ts';
import { emailPage, platformEmailPage } from './queries.ts';
import type { EmailRow } from './tables.ts';

/** What nobody is shown is not even opened. */
const shown = (email: EmailRow, { identity, services: { sealer } }: Context) =>
  email.confidential ? null : open(email, identity.storeId, sealer);

export const resolvers: Resolvers = {
  Query: {
    emailLogs: (_, args, ctx) => emailPage(ctx, args),
    emailLog: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('eml', id)),
    platformEmailLogs: (_, args, ctx) => platformEmailPage(ctx, args),
  },
  EmailLog: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('eml', id)),
    html: (email, _, ctx) => shown(email, ctx)?.html ?? null,
    text: (email, _, ctx) => shown(email, ctx)?.text ?? null,
    providerAnswer: ({ providerId }) => providerId,
    messageHeader: ({ messageId }) => messageId,
    customer: ({ customerId }) => (customerId ? { id: customerId } : null),
    relatedTo: ({ relatedKind, relatedId }) => (relatedKind !== null && relatedId !== null ? { kind: relatedKind, id: relatedId } : null),
    events: (email, _, ctx) => ctx.load(loaders).eventsByEmail.load(email.id),
  },
};
