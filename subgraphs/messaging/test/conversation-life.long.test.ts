import { it } from 'vitest';
import { messagingHarness } from './desk.ts';
import { doWhatever, writeAtOnce } from './life.ts';

const messaging = await messagingHarness({ poolSize: 20 });
const place = { messaging, desk: messaging.desk() };

it('numbers what fifty people write at once densely, without a deadlock', () => writeAtOnce(place, 50), 60_000);

it('is what its numbered changes add up to in twenty conversations', () => doWhatever(place, 20), 180_000);
