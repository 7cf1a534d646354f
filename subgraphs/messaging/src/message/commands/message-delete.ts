import { ok } from '@storegraph/core';
import { readId, type Context } from '@storegraph/subgraph';
import { isOwn } from '../../conversation/person.ts';
import { changeMessage, notOwn } from '../change.ts';
import { writerOfMessage } from '../find.ts';

/** Takes a message back: one's own, or with conversations:manage any. */
export function messageDelete(ctx: Context, input: { readonly messageId: string }) {
  const mayDeleteAny = ctx.identity.permissions.includes('conversations:manage');
  return changeMessage(ctx, readId('msg', input.messageId), 'MESSAGE_DELETED', (message, by, now) =>
    mayDeleteAny || isOwn(by, writerOfMessage(message))
      ? ok({ content: '', mentions: [], deletedAt: now, deletedByKind: by.kind, deletedById: by.id })
      : notOwn(),
  );
}
