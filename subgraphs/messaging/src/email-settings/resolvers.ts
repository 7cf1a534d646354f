import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import { loaders as emailLoaders } from '../email/loaders.ts';
import type { EmailRow } from '../email/tables.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { emailSettingsUpdate } from './commands/email-settings-update.ts';
import { emailSettingsVerify } from './commands/email-settings-verify.ts';
import { isConfigured, settingsOf } from './find.ts';
import type { EmailSettingsRow } from './tables.ts';

const find = async ({ db }: Context): Promise<EmailSettingsRow | null> => (await db.read(settingsOf)) ?? null;

/** The mail that a command has queued, as it is now. */
export async function queued<Code extends string>(
  ctx: Context,
  result: Result<{ readonly id: Id<'eml'> }, Code>,
): Promise<Result<EmailRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(emailLoaders).byId.load(result.value.id));
}

export const resolvers: Resolvers = {
  Query: { emailSettings: (_, __, ctx) => find(ctx) },
  Mutation: {
    emailSettingsUpdate: async (_, { input }, ctx) => payload('settings', await emailSettingsUpdate(ctx, input)),
    emailSettingsVerify: async (_, { input }, ctx) => payload('email', await queued(ctx, await emailSettingsVerify(ctx, input))),
  },
  EmailSettings: {
    // A store has one.
    __resolveReference: async ({ id }, ctx) => {
      const settings = await find(ctx);
      return settings?.id === id ? settings : null;
    },
    smtpPasswordSet: ({ smtpPasswordSealed }) => smtpPasswordSealed !== null,
    configured: isConfigured,
  },
};
