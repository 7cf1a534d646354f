import type { Id, UserId } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import type { JobView } from '@storegraph/jobs';
import type { activities } from './activity/tables.ts';
import type { ApiKeyRow } from './api-key/queries.ts';
import type { OwnInvitation } from './invitation/lookups.ts';
import type { InvitationRow } from './invitation/queries.ts';
import type { OwnMembership, Profile, StoredRole } from './lookups.ts';
import type { MemberRow } from './member/queries.ts';
import type { PlatformStoreRow } from './platform/lookups.ts';
import type { PublicStore } from './raw-rows.ts';
import type { AttemptRow } from './session/queries.ts';
import type { SessionRow } from './session/revoke.ts';
import type { DeviceRow } from './totp/queries.ts';

// What the resolvers of a type are given as its parent.
export type Store = PublicStore;
export type User = Profile;
export type Session = SessionRow;
export type LogInAttempt = AttemptRow;
export type LogInAttemptConnection = Connection<AttemptRow>;
export type TotpDevice = DeviceRow;
export type Member = MemberRow;
export type Role = StoredRole & {
  readonly id: Id<'rol'>;
  readonly name: string;
  readonly description?: string | null;
  readonly deletedAt?: Date | null;
};
export type Invitation = InvitationRow;
export type InvitationConnection = Connection<InvitationRow>;
export type ViewerInvitation = OwnInvitation;
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
export interface ActivityDetails {
  readonly fields: readonly string[];
  readonly reason: string | null;
}
export type PlatformStore = PlatformStoreRow;
export type PlatformStoreConnection = Connection<PlatformStoreRow>;
export type Job = JobView;
export type JobConnection = Omit<Connection<JobView>, 'totalCount'>;
