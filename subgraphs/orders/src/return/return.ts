import { transition, type Transition } from '../order/order.ts';

export const returnStatuses = ['REQUESTED', 'APPROVED', 'DECLINED', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CANCELLED', 'CLOSED'] as const;
export type ReturnStatus = (typeof returnStatuses)[number];

export const returnReasons = [
  'DAMAGED',
  'DEFECTIVE',
  'WRONG_ITEM',
  'NOT_AS_DESCRIBED',
  'SIZE',
  'NO_LONGER_WANTED',
  'NOT_DELIVERED',
  'OTHER',
] as const;
export type ReturnReason = (typeof returnReasons)[number];

/** The states in which a return can begin: asked for, or allowed at once by the staff. */
export const initialReturnStatuses: readonly ReturnStatus[] = ['REQUESTED', 'APPROVED'];

/** Which state may follow which. */
export const nextReturnStatuses: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  REQUESTED: ['APPROVED', 'DECLINED', 'CANCELLED'],
  APPROVED: ['PARTIALLY_RECEIVED', 'RECEIVED', 'CANCELLED'],
  PARTIALLY_RECEIVED: ['PARTIALLY_RECEIVED', 'RECEIVED', 'CLOSED'],
  DECLINED: [],
  RECEIVED: [],
  CANCELLED: [],
  CLOSED: [],
};

/** Every way in which a return refuses to go on: what it is already, or is not yet. */
export type ReturnMoveRefusal = 'NOT_APPROVED' | 'ALREADY_APPROVED' | 'ALREADY_DECLINED' | 'ALREADY_RECEIVED' | 'ALREADY_CANCELLED';

const ended: Readonly<Partial<Record<ReturnStatus, ReturnMoveRefusal>>> = {
  DECLINED: 'ALREADY_DECLINED',
  RECEIVED: 'ALREADY_RECEIVED',
  CANCELLED: 'ALREADY_CANCELLED',
  CLOSED: 'ALREADY_CANCELLED',
};

/** Whether a return that was asked for can be allowed or declined. */
export const decideRefusal = (status: ReturnStatus): ReturnMoveRefusal | null =>
  ended[status] ?? (status === 'REQUESTED' ? null : 'ALREADY_APPROVED');

export const receiveRefusal = (status: ReturnStatus): ReturnMoveRefusal | null =>
  ended[status] ?? (status === 'REQUESTED' ? 'NOT_APPROVED' : null);

export const cancelReturnRefusal = (status: ReturnStatus): ReturnMoveRefusal | null => ended[status] ?? null;

/** What becomes of a return that nothing more is expected of. */
export const givenUp = (status: ReturnStatus): 'CANCELLED' | 'CLOSED' => (status === 'PARTIALLY_RECEIVED' ? 'CLOSED' : 'CANCELLED');

export const returnTransitions = (status: ReturnStatus): Transition[] => [
  transition('returnApprove', decideRefusal(status)),
  transition('returnDecline', decideRefusal(status)),
  transition('returnReceive', receiveRefusal(status)),
  transition('returnCancel', cancelReturnRefusal(status)),
];

export const moveMessages: Readonly<Record<ReturnMoveRefusal, string>> = {
  NOT_APPROVED: 'The return has not been allowed yet.',
  ALREADY_APPROVED: 'The return has been allowed already.',
  ALREADY_DECLINED: 'The return was declined.',
  ALREADY_RECEIVED: 'All of it has come back.',
  ALREADY_CANCELLED: 'The return was given up.',
};
