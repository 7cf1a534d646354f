import { isCurrency } from '@storegraph/core';
import { GraphQLScalarType, Kind, valueFromASTUntyped, GraphQLError, type ValueNode } from 'graphql';
import { GraphQLCountryCode, GraphQLDateTime, GraphQLEmailAddress, GraphQLLocale, GraphQLTimeZone } from 'graphql-scalars';

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** `read` gives the value of JSON input, `write` the JSON of a value; undefined is a refusal, whose message never quotes what was sent. */
function scalar<Value, Json>(
  name: string,
  expects: string,
  read: (input: unknown) => Value | undefined,
  write: (value: unknown) => Json | undefined,
) {
  const orRefuse = <T>(value: T | undefined): T => {
    if (value === undefined) throw new GraphQLError(`${name} must be ${expects}.`);
    return value;
  };
  return new GraphQLScalarType<Value, Json>({
    name,
    parseValue: (input) => orRefuse(read(input)),
    parseLiteral: (node, variables) => orRefuse(read(literal(node, variables))),
    serialize: (value) => orRefuse(write(value)),
  });
}

/** Whole numbers are read exactly, whatever their size; `1.0` and `1e2` are none, though JSON could not tell. */
function literal(node: ValueNode, variables: Parameters<typeof valueFromASTUntyped>[1]): unknown {
  if (node.kind === Kind.FLOAT) return Number.NaN;
  return node.kind === Kind.INT ? BigInt(node.value) : valueFromASTUntyped(node, variables);
}

function minorUnits(input: unknown): bigint | undefined {
  const value = typeof input === 'number' && Number.isSafeInteger(input) ? BigInt(input) : input;
  return typeof value === 'bigint' && value <= maxSafe && value >= -maxSafe ? value : undefined;
}

function minorUnitsJson(value: unknown): number | undefined {
  const checked = minorUnits(value);
  return checked === undefined ? undefined : Number(checked);
}

const isoMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;

function moment(input: unknown): Date | undefined {
  if (typeof input !== 'string' || !isoMoment.test(input)) return undefined;
  return accepted(GraphQLDateTime, input) as Date | undefined;
}

const momentJson = (value: unknown) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined);

/** A day of the calendar that exists: 30 February does not. */
function day(input: unknown): string | undefined {
  if (typeof input !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(input)) return undefined;
  const at = new Date(`${input}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(input) ? input : undefined;
}

const textOf = (of: GraphQLScalarType) => (input: unknown) => {
  const value = typeof input === 'string' && input.length <= 320 ? accepted(of, input) : undefined;
  return typeof value === 'string' ? value : undefined;
};

function accepted(of: GraphQLScalarType, input: unknown): unknown {
  try {
    return of.parseValue(input);
  } catch {
    return undefined;
  }
}

/** Sealed by whoever made it: only its form can be checked here. */
const cursor = (input: unknown) => (typeof input === 'string' && /^[\w.-]{1,1000}$/.test(input) ? input : undefined);

const currency = (input: unknown) => (typeof input === 'string' && isCurrency(input) ? input : undefined);

const country = (input: unknown) => (typeof input === 'string' && /^[A-Z]{2}$/.test(input) ? textOf(GraphQLCountryCode)(input) : undefined);

function object(input: unknown): Record<string, unknown> | undefined {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : undefined;
}

/** A stored text is given as it is: what was accepted once is never a reason to fail a read. */
const written = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The scalars of base.graphql. In TypeScript MinorUnits is a bigint, DateTime a Date, JSONObject a record, and the others are strings. */
export const scalars = {
  DateTime: scalar('DateTime', 'a moment in ISO 8601 with a time zone', moment, momentJson),
  Date: scalar('Date', 'a day, YYYY-MM-DD', day, written),
  MinorUnits: scalar('MinorUnits', 'a whole number of minor units within ±(2^53 − 1)', minorUnits, minorUnitsJson),
  CurrencyCode: scalar('CurrencyCode', 'an ISO 4217 code', currency, written),
  CountryCode: scalar('CountryCode', 'an ISO 3166-1 alpha-2 code', country, written),
  Locale: scalar('Locale', 'a BCP 47 language tag', textOf(GraphQLLocale), written),
  TimeZone: scalar('TimeZone', 'an IANA time zone', textOf(GraphQLTimeZone), written),
  EmailAddress: scalar('EmailAddress', 'an e-mail address', textOf(GraphQLEmailAddress), written),
  EventCursor: scalar('EventCursor', 'a cursor that a live field gave', cursor, written),
  JSONObject: scalar('JSONObject', 'an object', object, object),
};
