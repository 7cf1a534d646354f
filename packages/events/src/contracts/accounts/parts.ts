import { idOf } from '../../schemas.ts';

export const ofStore = { storeId: idOf('sto') };

export const ofUser = { userId: idOf('usr') };
export const user = (payload: { userId: `usr_${string}` }) => payload.userId;
