import { opaqueToken } from '@storegraph/auth';
import { isRefusal, newId, ok } from '@storegraph/core';
import { one, owned } from '@storegraph/database';
import { apiKeyCreated, emit } from '@storegraph/events';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerStore } from '../../caller.ts';
import type { ApiKeyCreateInput } from '../../generated/graphql.ts';
import { makerOf } from '../../member/made.ts';
import { lockPeople } from '../../role/queries.ts';
import { grantable } from '../../role/role.ts';
import { checkExpiry, shownPrefix } from '../api-key.ts';
import { apiKeys, apiKeySecrets } from '../tables.ts';

const shape = z.object({
  name: text(100),
  permissions: z.array(z.string().max(100)).min(1, { error: 'Name at least one permission.' }).max(100),
  expiresAt: z.date().nullish(),
});

export async function apiKeyCreate({ db, identity, clock }: Context, input: ApiKeyCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const storeId = callerStore(identity);
  const permissions = grantable(checked.value.permissions, identity.permissions);
  const expiresAt = checkExpiry(checked.value.expiresAt ?? null, clock.now());
  if (isRefusal(permissions)) return permissions;
  if (isRefusal(expiresAt)) return expiresAt;

  const { token: secret, hash: secretHash } = opaqueToken('sk');
  return db.write(async (tx) => {
    await lockPeople(tx);
    const maker = await makerOf(tx, identity);
    if (isRefusal(maker)) return maker;
    const values = {
      id: newId('key'),
      name: checked.value.name,
      prefix: shownPrefix(secret),
      permissions: permissions.value,
      createdBy: maker.value,
      expiresAt: expiresAt.value,
      createdAt: clock.now(),
    };
    const apiKey = one(await tx.insert(apiKeys).values(owned(tx, values)).returning());
    await tx.insert(apiKeySecrets).values(owned(tx, { apiKeyId: apiKey.id, secretHash }));
    const { id: apiKeyId, name } = apiKey;
    const createdBy = identity.subjectId;
    await emit(tx, apiKeyCreated({ storeId, apiKeyId, name, permissions: permissions.value, expiresAt: expiresAt.value, createdBy }));
    return ok({ apiKey, secret });
  });
}
