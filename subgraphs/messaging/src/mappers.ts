import type { Id } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import type { Person } from './conversation/person.ts';
import type { ConversationEventRow, ConversationRow, MessageRevisionRow, MessageRow, ParticipantRow } from './conversation/tables.ts';
import type { EmailEventRow, EmailRow } from './email/tables.ts';
import type { EmailSettingsRow } from './email-settings/tables.ts';
import type { LiveChange } from './live/follow.ts';
import type { Rendered } from './template/render.ts';
import type { Resolution } from './template/resolve.ts';
import type { EmailTemplateRow, StoreEmailTemplateRow } from './template/tables.ts';
import type { Variable } from './template/template.ts';
import type { MacroRow } from './macro/tables.ts';
import type { ScheduledMessageRow } from './scheduled/tables.ts';

// What the resolvers of a type are given as its parent.
export interface Customer {
  readonly id: Id<'cus'>;
}
export type Conversation = ConversationRow;
export type ConversationConnection = Connection<ConversationRow>;
export type ConversationEvent = ConversationEventRow;
export type ConversationEventUpdate = LiveChange;
export type ConversationPerson = Person;
export type Message = MessageRow;
export type MessageConnection = Connection<MessageRow>;
export type MessageRevision = MessageRevisionRow;
export type Participant = ParticipantRow;
export type EmailTemplate = EmailTemplateRow;
export type EmailTemplateConnection = Connection<EmailTemplateRow>;
export type EmailTemplateVariable = Variable;
export type StoreEmailTemplate = StoreEmailTemplateRow;
export type StoreEmailTemplateConnection = Connection<StoreEmailTemplateRow>;
export type EmailTemplateResolution = Resolution;
export type EmailPreview = Rendered & { readonly resolution: Resolution | null };
export type EmailLog = EmailRow;
export type EmailLogConnection = Connection<EmailRow>;
export type EmailEvent = EmailEventRow;
export type EmailSettings = EmailSettingsRow;
export type ScheduledMessage = ScheduledMessageRow;
export type Macro = MacroRow;
export type MacroConnection = Connection<MacroRow>;
