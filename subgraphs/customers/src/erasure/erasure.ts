export const erasureReasons = [
  'REQUESTED_BY_CUSTOMER',
  'CONSENT_WITHDRAWN',
  'NO_LONGER_NEEDED',
  'UNLAWFULLY_PROCESSED',
  'LEGAL_OBLIGATION',
] as const;
export type ErasureReason = (typeof erasureReasons)[number];

export type ErasureStatus = 'PENDING' | 'COMPLETED';

/** How many records of a kind have lost what was personal in them. */
export interface Erased {
  readonly what: string;
  readonly count: number;
}

/** How many records of a kind stay, without anything personal that need not be in them, and why. */
export interface Kept extends Erased {
  readonly reason: 'TAX_RECORDS' | 'LEDGER' | 'AUDIT';
}
