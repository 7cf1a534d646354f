import { expiryJob, exportJob } from '@storegraph/exports';
import { customerExport } from './export.ts';
import { customerExports } from './tables.ts';

export const exportCustomers = exportJob({ name: 'customers.export', tables: customerExports, source: customerExport });

export const expireExports = expiryJob({ name: 'customers.expire-exports', tables: customerExports, cron: '53 * * * *' });
