import { discountEnabled } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { enableRefusal } from '../discount.ts';
import { turn } from '../turn.ts';
import { automaticLimit } from '../write.ts';

export const discountEnable = (ctx: Context, given: unknown) =>
  turn(ctx, given, {
    refusal: enableRefusal,
    also: async (tx, { method }) => (method === 'AUTOMATIC' ? automaticLimit(tx) : undefined),
    changes: () => ({ disabledAt: null }),
    event: (discountId) => discountEnabled({ discountId }),
  });
