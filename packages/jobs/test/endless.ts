import { z } from 'zod';
import { defineJob, type JobContext } from '../src/index.ts';

export const endless = (handle: (context: JobContext) => Promise<void>) =>
  defineJob({
    name: 'orders.test-endless',
    data: z.object({}),
    retry: { attempts: 3, firstDelaySeconds: 1, longestDelaySeconds: 2 },
    handle,
  });
