import { it } from 'vitest';
import { messagingHarness } from './desk.ts';
import { doWhatever, writeAtOnce } from './life.ts';

const messaging = await messagingHarness({ poolSize: 12 });
const place = { messaging, desk: messaging.desk() };

it('numbers what twenty people write at once densely, and loses nothing', () => writeAtOnce(place, 20));

it('is what its numbered changes add up to, for staff and for the customer, whatever people do', () => doWhatever(place, 3), 60_000);
