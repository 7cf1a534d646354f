import { storeSuspended } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import type { StoreSuspendInput } from '../../generated/graphql.ts';
import { changeStatus } from '../change-status.ts';

export const storeSuspend = (ctx: Context, input: StoreSuspendInput) => changeStatus(ctx, 'SUSPEND', storeSuspended, input);
