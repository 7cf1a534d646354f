import { isRefusal, ok } from '@storegraph/core';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { isOwn } from '../../conversation/person.ts';
import { changeMessage, notOwn } from '../change.ts';
import { writerOfMessage } from '../find.ts';
import { content } from '../input.ts';

const schema = z.object({ messageId: idOf('msg'), content });

/** Changes what an own message says. */
export async function messageEdit(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { messageId, content: wanted } = checked.value;
  return changeMessage(ctx, messageId, 'MESSAGE_EDITED', (message, by, now) => {
    if (!isOwn(by, writerOfMessage(message))) return notOwn();
    return ok(message.content === wanted ? null : { content: wanted, editedAt: now });
  });
}
