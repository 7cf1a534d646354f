import { isContract, type Contract } from './contract.ts';
import * as accounts from './contracts/accounts/index.ts';
import * as audit from './contracts/audit.ts';
import * as customers from './contracts/customers/index.ts';
import * as erasure from './contracts/erasure.ts';
import * as messaging from './contracts/messaging/index.ts';
import * as orders from './contracts/orders/index.ts';

/** Every contract, for the catalogue of events. */
export const allContracts: readonly Contract[] = [accounts, audit, customers, erasure, messaging, orders]
  .flatMap((module): unknown[] => Object.values(module))
  .filter(isContract)
  .toSorted((left, right) => left.type.localeCompare(right.type));
