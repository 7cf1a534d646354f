import { discountDisabled } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { disableRefusal } from '../discount.ts';
import { turn } from '../turn.ts';

export const discountDisable = (ctx: Context, given: unknown) =>
  turn(ctx, given, {
    refusal: disableRefusal,
    changes: (now) => ({ disabledAt: now }),
    event: (discountId) => discountDisabled({ discountId }),
  });
