import { describe, expect, it } from 'vitest';
import { refusalOf, transitionsOf } from './life-cycle.ts';

describe('the life of a store', () => {
  it('goes from active to suspended and back, and from both to closed, where it ends', () => {
    const steps = ['SUSPEND', 'REINSTATE', 'CLOSE'] as const;
    expect(steps.map((step) => refusalOf(step, 'ACTIVE'))).toEqual([null, 'NOT_SUSPENDED', null]);
    expect(steps.map((step) => refusalOf(step, 'SUSPENDED'))).toEqual(['ALREADY_SUSPENDED', null, null]);
    expect(steps.map((step) => refusalOf(step, 'CLOSED'))).toEqual(['ALREADY_CLOSED', 'ALREADY_CLOSED', 'ALREADY_CLOSED']);
  });
  it('is the platform’s to interrupt, and its owner’s to end', () => {
    const reasons = (kind: string, permissions: readonly 'store:close'[]) =>
      transitionsOf('ACTIVE', { kind, permissions }).map(({ name, reason }) => [name, reason]);
    expect(reasons('STAFF', ['store:close'])).toEqual([
      ['SUSPEND', 'FORBIDDEN'],
      ['REINSTATE', 'FORBIDDEN'],
      ['CLOSE', null],
    ]);
    expect(reasons('PLATFORM', [])).toEqual([
      ['SUSPEND', null],
      ['REINSTATE', 'NOT_SUSPENDED'],
      ['CLOSE', 'FORBIDDEN'],
    ]);
  });
});
