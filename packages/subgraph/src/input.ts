import { fromUuid, isRefusal, ok, parseId, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { z } from 'zod';

/** The codes of bad input, the same in every mutation: a mutation that validates lists the three in its code enum. */
export type InputCode = 'REQUIRED' | 'TOO_LONG' | 'INVALID';

/**
 * Checks a mutation's input against its schema. Every problem carries a code and the path of its field, without `input` in front.
 * REQUIRED: missing, null or blank. TOO_LONG: more characters or items than allowed. INVALID: everything else.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): Result<z.output<Schema>, InputCode> {
  const parsed = schema.safeParse(input, { reportInput: true });
  return parsed.success ? ok(parsed.data) : refuse(parsed.error.issues.map(problem));
}

/** Puts every problem that the results hold into one refusal, or gives undefined. For checks that zod can't make. */
export function refusals<Code extends string>(...results: readonly Result<unknown, Code>[]): Result<never, Code> | undefined {
  const problems = results.flatMap((result) => (isRefusal(result) ? result.problems : []));
  return problems.length > 0 ? refuse(problems as readonly Problem<Code>[]) : undefined;
}

/** One line of text, trimmed, not blank, without control characters, at most `max` characters. */
export const text = (max: number) => plain(/^[^\p{Cc}]*$/u).max(max);

/** Text that may have several lines. */
export const multiline = (max: number) => plain(/^(?:[^\p{Cc}]|[\n\r\t])*$/u).max(max);

/** A key of the client's making, 1 to 255 visible ASCII characters. */
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]*$/, { error: 'Must be visible ASCII characters.' });

/** In JSON as it is written: an escaped NUL, or half a surrogate pair. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** An object of free JSON that takes at most `maxBytes` as text. */
export const jsonObject = (maxBytes: number) =>
  z.record(z.string(), z.json()).superRefine((value, context) => {
    const written = JSON.stringify(value);
    if (Buffer.byteLength(written) > maxBytes) {
      context.addIssue({ code: 'too_big', origin: 'string', maximum: maxBytes, inclusive: true, input: value });
    }
    if (unstorable.test(written)) context.addIssue({ code: 'custom', message: 'Holds a character that can not be stored.', input: value });
  });

/**
 * Reads an id that a client sent. A malformed one, or one of another kind, becomes the nil id, which no row has: so it is looked up, and
 * answered, exactly as a missing one.
 */
export const readId = <Prefix extends string>(prefix: Prefix, given: unknown): Id<Prefix> =>
  parseId(prefix, given) ?? fromUuid(prefix, '00000000-0000-0000-0000-000000000000');

/** `readId` as a part of an input's schema. */
export const idOf = <Prefix extends string>(prefix: Prefix) => z.string().transform((given) => readId(prefix, given));

const plain = (allowed: RegExp) =>
  z
    .string()
    .refine((value) => value.isWellFormed(), { error: 'Must be well-formed Unicode.', abort: true })
    .normalize()
    .trim()
    .min(1)
    .regex(allowed, { error: 'Must not contain control characters.' });

function problem(issue: z.core.$ZodIssue): Problem<InputCode> {
  const field = issue.path.length > 0 ? issue.path.map(String) : null;
  const [code, message] = describe(issue);
  return { code, message, field };
}

function describe(issue: z.core.$ZodIssue): [InputCode, string] {
  const missing = issue.input === undefined || issue.input === null;
  if (missing && issue.code !== 'custom') return ['REQUIRED', 'Is required.'];
  if (issue.code === 'too_small' && issue.origin === 'string' && Number(issue.minimum) === 1) return ['REQUIRED', 'Is required.'];
  if (issue.code === 'too_big' && issue.origin === 'string') return ['TOO_LONG', `Must have at most ${String(issue.maximum)} characters.`];
  if (issue.code === 'too_big' && issue.origin === 'array') return ['TOO_LONG', `Must have at most ${String(issue.maximum)} items.`];
  return ['INVALID', issue.message];
}
