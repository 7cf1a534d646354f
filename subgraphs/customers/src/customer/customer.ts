export const customerStatuses = ['ACTIVE', 'DISABLED'] as const;
export type CustomerStatus = (typeof customerStatuses)[number];

export const genders = ['FEMALE', 'MALE', 'OTHER'] as const;

/** Which status may follow which. */
const nextStatuses: Readonly<Record<CustomerStatus, readonly CustomerStatus[]>> = { ACTIVE: ['DISABLED'], DISABLED: ['ACTIVE'] };

export const canBecome = (from: CustomerStatus, to: CustomerStatus): boolean => nextStatuses[from].includes(to);

export interface Transition {
  readonly name: CustomerStatus;
  readonly allowed: boolean;
  readonly reason: 'ALREADY_IN_STATUS' | null;
}

/** What `customerStatusSet` would do now, status by status. The only status out of reach is the one that the customer has. */
export const customerTransitions = (status: CustomerStatus): Transition[] =>
  customerStatuses.map((name) => {
    const allowed = canBecome(status, name);
    return { name, allowed, reason: allowed ? null : 'ALREADY_IN_STATUS' };
  });

export interface Named {
  readonly number: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** First and last name, or null where there is neither. */
export const fullName = ({ firstName, lastName }: Named): string | null => [firstName, lastName].filter(Boolean).join(' ') || null;

/** What to call the customer on a screen: the name, or a contact address, or at least the number. */
export const displayName = (customer: Named, email: string | null, phone: string | null): string =>
  fullName(customer) ?? email ?? phone ?? `#${customer.number}`;
