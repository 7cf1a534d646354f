import { expiryJob, exportJob } from '@storegraph/exports';
import { orderExport } from './export.ts';
import { orderExports } from './tables.ts';

export const exportOrders = exportJob({ name: 'orders.export', tables: orderExports, source: orderExport });

export const expireExports = expiryJob({ name: 'orders.expire-exports', tables: orderExports, cron: '23 * * * *' });
