import type { Permission } from '@storegraph/auth';

type StoreStatus = 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
type StoreTransitionName = 'SUSPEND' | 'REINSTATE' | 'CLOSE';

/** A closed store does not open again. */
const next: Readonly<Record<StoreStatus, Readonly<Partial<Record<StoreTransitionName, StoreStatus>>>>> = {
  ACTIVE: { SUSPEND: 'SUSPENDED', CLOSE: 'CLOSED' },
  SUSPENDED: { REINSTATE: 'ACTIVE', CLOSE: 'CLOSED' },
  CLOSED: {},
};

/** Why a store can't make this step. */
export type RefusalOf<Step extends StoreTransitionName> =
  'ALREADY_CLOSED' | (Step extends 'SUSPEND' ? 'ALREADY_SUSPENDED' : never) | (Step extends 'REINSTATE' ? 'NOT_SUSPENDED' : never);
type StoreRefusal = RefusalOf<StoreTransitionName>;

/** Why a store of this status can't make the step; null when it can. */
export function refusalOf<Step extends StoreTransitionName>(step: Step, status: StoreStatus): RefusalOf<Step> | null;
export function refusalOf(step: StoreTransitionName, status: StoreStatus): StoreRefusal | null {
  if (next[status][step]) return null;
  if (status === 'CLOSED') return 'ALREADY_CLOSED';
  return step === 'SUSPEND' ? 'ALREADY_SUSPENDED' : 'NOT_SUSPENDED';
}

export const refusalText: Readonly<Record<StoreRefusal, string>> = {
  ALREADY_CLOSED: 'The store has been closed, for good.',
  ALREADY_SUSPENDED: 'The store is suspended already.',
  NOT_SUSPENDED: 'The store is not suspended.',
};

interface Caller {
  readonly kind: string;
  readonly permissions: readonly Permission[];
}

/** Each step of a store's life, whether the caller can make it now, and why not. */
export function transitionsOf(status: StoreStatus, { kind, permissions }: Caller) {
  const isPlatform = kind === 'PLATFORM';
  return (['SUSPEND', 'REINSTATE', 'CLOSE'] as const).map((name) => {
    // The platform closes a store from within, as its people do.
    const may = name === 'CLOSE' ? permissions.includes('store:close') : isPlatform;
    const reason = may ? refusalOf(name, status) : ('FORBIDDEN' as const);
    return { name, allowed: reason === null, reason };
  });
}
