import { defineJob } from '@storegraph/jobs';
import { emit, passwordResetRequested } from '@storegraph/events';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { idOfKind } from '../ids.ts';
import { attempts } from '../session/tables.ts';
import { lockUser } from '../user/lock.ts';
import { issueToken } from '../verification/tokens.ts';

/**
 * Has the token mailed, if the address that was typed is a user's. Not done in the request, so that its answer takes the same time for every address.
 * Run again, it finds the attempt settled and sends nothing twice.
 */
export const sendReset = defineJob({
  name: 'accounts.send-password-reset',
  data: z.object({ attemptId: idOfKind('att') }),
  handle: ({ db, sealer, clock }, { attemptId }) =>
    db.write(async (tx) => {
      const now = clock.now();
      const isOpen = and(eq(attempts.id, attemptId), isNull(attempts.outcome));
      const [attempt] = await tx.update(attempts).set({ outcome: 'NONE' }).where(isOpen).returning({ userId: attempts.userId });
      const userId = attempt?.userId ?? null;
      const user = userId === null ? undefined : await lockUser(tx, userId);
      if (userId === null || !user?.active) return;
      const { token, expiresAt } = await issueToken(tx, userId, { purpose: 'PASSWORD_RESET', now });
      const extra = { personal: { email: user.email }, secret: { value: token, sealer, expiresAt } };
      await emit(tx, passwordResetRequested({ userId, locale: user.locale, expiresAt }, extra));
    }),
});
