import { payload, readId } from '@storegraph/subgraph';
import { queued } from '../email-settings/resolvers.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { emailTemplatePreview } from './commands/email-template-preview.ts';
import { emailTemplateTestSend } from './commands/email-template-test-send.ts';
import { storeEmailTemplateDelete } from './commands/store-email-template-delete.ts';
import { storeEmailTemplatePublish } from './commands/store-email-template-publish.ts';
import { storeEmailTemplateRollback } from './commands/store-email-template-rollback.ts';
import { storeEmailTemplateSave } from './commands/store-email-template-save.ts';
import { loaders, storeTemplatePage, templatePage } from './queries.ts';
import { resolveTemplate } from './resolve.ts';

export const resolvers: Resolvers = {
  Query: {
    emailTemplates: (_, args, ctx) => templatePage(ctx, args),
    emailTemplate: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('etp', id)),
    storeEmailTemplates: (_, args, ctx) => storeTemplatePage(ctx, args),
    storeEmailTemplate: (_, { id }, ctx) => ctx.load(loaders).storeById.load(readId('set', id)),
    emailTemplateResolution: async (_, { code, language }, { db }) =>
      (await db.read((tx) => resolveTemplate(tx, code, language ?? null))) ?? null,
  },
  Mutation: {
    storeEmailTemplateSave: async (_, { input }, ctx) => payload('template', await storeEmailTemplateSave(ctx, input)),
    storeEmailTemplatePublish: async (_, { input }, ctx) => payload('template', await storeEmailTemplatePublish(ctx, input)),
    storeEmailTemplateRollback: async (_, { input }, ctx) => payload('template', await storeEmailTemplateRollback(ctx, input)),
    storeEmailTemplateDelete: async (_, { input }, ctx) => payload('resolution', await storeEmailTemplateDelete(ctx, input)),
    emailTemplatePreview: async (_, { input }, ctx) => payload('preview', await emailTemplatePreview(ctx, input)),
    emailTemplateTestSend: async (_, { input }, ctx) => payload('email', await queued(ctx, await emailTemplateTestSend(ctx, input))),
  },
  EmailTemplate: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('etp', id)),
    text: ({ plain }) => plain,
  },
  EmailTemplateVariable: { sample: ({ sample }) => ({ value: sample }) },
  StoreEmailTemplate: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).storeById.load(readId('set', id)),
    text: ({ plain }) => plain,
    platformHasChanged: async ({ code, basedOnLanguage, basedOnVersion }, _, ctx) =>
      (await ctx.load(loaders).newestVersion.load(`${code}|${basedOnLanguage}`)) > basedOnVersion,
  },
  EmailTemplateResolution: {
    category: ({ template }) => template.category,
    subject: ({ words }) => words.subject,
  },
};
