import type { Id, UserId } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import type { activities } from './activity/tables.ts';
import type { ApiKeyRow } from './api-key/queries.ts';
import type { OwnMembership, Profile, PublicStore, StoredRole } from './lookups.ts';
import type { MemberRow } from './member/queries.ts';
import type { SessionRow } from './session/revoke.ts';

// What the resolvers of a type are given as its parent.
export type Store = PublicStore;
export type User = Profile;
export type Session = SessionRow;
export type Member = MemberRow;
export type Role = StoredRole & { readonly id: Id<'rol'>; readonly name: string };
export type ApiKey = ApiKeyRow;
export type Activity = typeof activities.$inferSelect;
export type Viewer = { readonly userId: UserId | null; readonly apiKeyId: Id<'key'> | null };
export type Membership = OwnMembership;
export type { SessionTokens } from './session/tokens.ts';
export interface ActivityPerformer {
  readonly kind: 'STAFF' | 'API_KEY' | 'PLATFORM';
  readonly id: string;
}
export type MemberConnection = Connection<MemberRow>;
export type ApiKeyConnection = Connection<ApiKeyRow>;
export type ActivityConnection = Connection<Activity>;
