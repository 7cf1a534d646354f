import { expect, it } from 'vitest';
import {
  cancelReturnRefusal,
  decideRefusal,
  givenUp,
  initialReturnStatuses,
  nextReturnStatuses,
  receiveRefusal,
  returnStatuses,
  type ReturnStatus,
} from './return.ts';

it('reaches every state of a return from those in which one begins, and no other', () => {
  const reached = new Set<ReturnStatus>(initialReturnStatuses);
  for (const status of reached) for (const next of nextReturnStatuses[status]) reached.add(next);
  expect([...reached].toSorted()).toEqual([...returnStatuses].toSorted());
});

it('refuses with its code what the table does not have, and nothing else', () => {
  for (const status of returnStatuses) {
    const can = (...to: ReturnStatus[]) => nextReturnStatuses[status].some((next) => to.includes(next));
    expect([status, decideRefusal(status) === null]).toEqual([status, can('APPROVED')]);
    expect([status, receiveRefusal(status) === null]).toEqual([status, can('RECEIVED')]);
    expect([status, cancelReturnRefusal(status) === null]).toEqual([status, can('CANCELLED', 'CLOSED')]);
    if (cancelReturnRefusal(status) === null) expect(nextReturnStatuses[status]).toContain(givenUp(status));
  }
});
