import type { Id } from '@storegraph/core';
import { loader, type LoadContext } from '@storegraph/subgraph';
import { ordersOfCustomers } from '../order/queries.ts';
import type { OrderRow } from '../order/tables.ts';
import { pageLoader } from '../paged.ts';
import { customerMetrics } from './metrics.ts';

export const loaders = (ctx: LoadContext) => ({
  orders: pageLoader<'cus', OrderRow>(ctx, (ids, page) => ordersOfCustomers(ctx, ids, page)),
  metrics: loader(ctx, (ids: readonly Id<'cus'>[]) => ctx.db.read((tx) => customerMetrics(tx, ids))),
});
