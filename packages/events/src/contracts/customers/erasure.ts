import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofCustomer, ofOne } from './parts.ts';

export const customerErased = defineEvent({
  ...ofOne,
  type: 'customer.erased',
  version: 1,
  description:
    'What is personal about a customer has to go. `customerIds` are all the ids that the person was known by, merged ones too. Each domain that keeps something of customers blanks it and answers with `personalData.erased`.',
  payload: z.object({ ...ofCustomer, erasureId: idOf('ers'), customerIds: z.array(idOf('cus')).min(1) }),
});
