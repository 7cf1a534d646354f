import { storeReinstated } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import type { StoreReinstateInput } from '../../generated/graphql.ts';
import { changeStatus } from '../change-status.ts';

export const storeReinstate = (ctx: Context, input: StoreReinstateInput) => changeStatus(ctx, 'REINSTATE', storeReinstated, input);
