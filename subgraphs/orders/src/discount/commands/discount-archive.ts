import { discountArchived } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { archiveRefusal } from '../discount.ts';
import { turn } from '../turn.ts';

export const discountArchive = (ctx: Context, given: unknown) =>
  turn(ctx, given, {
    refusal: archiveRefusal,
    changes: (now) => ({ archivedAt: now }),
    event: (discountId) => discountArchived({ discountId }),
  });
