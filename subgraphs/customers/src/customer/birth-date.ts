import { z } from 'zod';

/** A day of the calendar, in the life of somebody alive: from 1900 on, and nowhere on earth in the future. */
export const birthDate = (now: Date) =>
  z.iso.date({ error: 'Must be a date, YYYY-MM-DD.', abort: true }).refine((day) => day >= '1900-01-01' && day <= latestDay(now), {
    error: 'Must be a day from 1900 on and not in the future.',
  });

/** The date line is up to 14 hours ahead of UTC. */
const latestDay = (now: Date): string => new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
