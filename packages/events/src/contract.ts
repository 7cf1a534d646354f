import type { IdentityKind, Sealer } from '@storegraph/auth';
import type { Id, StoreId } from '@storegraph/core';
import { z } from 'zod';

export type Origin = 'LIVE' | 'IMPORT';

export interface Actor {
  readonly kind: IdentityKind;
  readonly id: Id | null;
}

/** A contract whose `producer` is this may be emitted by every domain. */
export const anyDomain = '*';

/** An event that does not keep to its contract: names the type and the fields, never their values. */
export class EventInvalid extends Error {
  override readonly name = 'EventInvalid';
}

/** The contract of one type of event: what its producer promises and its consumers may rely on. */
export interface Contract<Type extends string = string, Payload = unknown, Personal = unknown> {
  readonly type: Type;
  readonly version: number;
  readonly producer: string;
  readonly description: string;
  /** The only domain that is given the secret of such an event. */
  readonly secretFor: string | null;
  /** Names of the fields, for catalogues; those that may be null end with `?`. */
  readonly payloadFields: readonly string[];
  /** The same of what an erasure blanks. Empty where nothing is personal. */
  readonly personalFields: readonly string[];
  /** Reads stored content of this or an earlier version. Throws EventInvalid. */
  read(content: StoredContent): { readonly payload: Payload; readonly personal: Personal | null };
}

export interface StoredContent {
  readonly version: number;
  readonly payload: unknown;
  readonly personal: unknown;
}

export interface Secret {
  readonly value: string;
  readonly sealer: Sealer;
  readonly expiresAt: Date;
}

/** An event that has been made and not yet emitted. */
export interface DraftEvent {
  readonly contract: Contract;
  readonly payload: unknown;
  readonly personal: unknown;
  readonly aggregate: Id;
  readonly subject: Id | null;
  readonly secret: Secret | null;
  readonly occurredAt: Date | null;
}

export interface Extra<Personal> {
  readonly personal?: Personal;
  readonly secret?: Secret;
  /** When it happened, if not now (an import). */
  readonly occurredAt?: Date;
}

/** An event as a reaction gets it. */
export interface ReceivedEvent<Type extends string = string, Payload = unknown, Personal = unknown> {
  readonly id: Id<'evt'>;
  readonly type: Type;
  /** The version it was emitted with; the payload is always of the contract's own version. */
  readonly version: number;
  readonly position: number;
  readonly storeId: StoreId | null;
  readonly aggregate: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly origin: Origin;
  readonly payload: Payload;
  /** Null once the person is erased, too. */
  readonly personal: Personal | null;
  /** Opened for the domain it was sealed for, until it expires; null for every other. */
  readonly secret: string | null;
}

export type EventOf<C extends Contract> =
  C extends Contract<infer Type, infer Payload, infer Personal> ? ReceivedEvent<Type, Payload, Personal> : never;

type NoPersonal = z.ZodNever;
type PersonalOf<R extends z.ZodType> = z.output<R>;

interface Definition<Type extends string, P extends z.ZodType, R extends z.ZodType> {
  /** `noun.happened`, in the past tense. Never renamed. */
  readonly type: Type;
  readonly version: number;
  /** The only domain that may emit it; `anyDomain` for what the kernel emits in every domain. */
  readonly producer: string;
  /** One sentence for the catalogue. */
  readonly description: string;
  /** The thing whose events are handled in order. */
  readonly aggregate: (payload: z.output<P>) => Id;
  /** No personal data here: it outlives an erasure. */
  readonly payload: P;
  readonly personal?: R;
  /** Whose personal data it is. Mandatory with `personal`. */
  readonly subject?: (payload: z.output<P>) => Id | null;
  readonly secretFor?: string;
  /** From each earlier version to the next: `{ 1: (old) => new }`. */
  readonly upcast?: Readonly<Record<number, (old: unknown) => unknown>>;
}

export type EventConstructor<Type extends string, P extends z.ZodType, R extends z.ZodType> = Contract<Type, z.output<P>, PersonalOf<R>> &
  ((payload: z.input<P>, extra?: Extra<z.input<R>>) => DraftEvent);

/** Declares a type of event. Gives its constructor; calling that with content that does not keep to the contract throws EventInvalid. */
export function defineEvent<const Type extends string, P extends z.ZodType, R extends z.ZodType = NoPersonal>(
  definition: Definition<Type, P, R>,
): EventConstructor<Type, P, R> {
  const { type, version, producer, description, personal, subject, secretFor = null, upcast = {} } = definition;
  if (personal && !subject) throw new Error(`${type} carries personal data and does not say whose`);
  for (let old = 1; old < version; old++) if (!upcast[old]) throw new Error(`${type} has no upcaster from version ${old}`);

  const contract: Contract<Type, z.output<P>, PersonalOf<R>> = {
    type,
    version,
    producer,
    description,
    secretFor,
    payloadFields: fieldNames(definition.payload),
    personalFields: personal ? fieldNames(personal) : [],
    read: (content) => ({
      payload: parse(type, definition.payload, current(type, version, upcast, content)),
      personal: personal === undefined || content.personal === null ? null : parse(type, personal, content.personal),
    }),
  };

  const construct = (input: z.input<P>, extra: Extra<z.input<R>> = {}): DraftEvent => {
    const payload = parse(type, definition.payload, input);
    if (extra.personal !== undefined && !personal) throw new EventInvalid(`${type} has no personal data in its contract`);
    if (extra.secret && secretFor === null) throw new EventInvalid(`${type} names nobody to whom its secret may be given`);
    return {
      contract,
      payload,
      personal: extra.personal === undefined || !personal ? null : parse(type, personal, extra.personal),
      aggregate: definition.aggregate(payload),
      subject: subject?.(payload) ?? null,
      secret: extra.secret ?? null,
      occurredAt: extra.occurredAt ?? null,
    };
  };
  return Object.assign(construct, contract);
}

export const isContract = (value: unknown): value is Contract =>
  typeof value === 'function' && 'type' in value && 'producer' in value && 'description' in value && 'read' in value;

const fieldNames = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape).map(([name, field]) => (z.safeParse(field, null).success ? `${name}?` : name))
    : [];

function current(
  type: string,
  version: number,
  upcast: Readonly<Record<number, (old: unknown) => unknown>>,
  content: StoredContent,
): unknown {
  if (content.version > version) throw new EventInvalid(`${type} of version ${content.version} is newer than this program`);
  let payload = content.payload;
  for (let old = content.version; old < version; old++) payload = upcast[old]?.(payload);
  return payload;
}

function parse<S extends z.ZodType>(type: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, code }) => `${path.map(String).join('.') || '(whole)'} ${code}`);
  throw new EventInvalid(`${type} does not keep to its contract: ${issues.join(', ')}`);
}
