import fc from 'fast-check';
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type GraphQLInputType,
  type GraphQLNullableType,
} from 'graphql';
import { isRecord } from './hash.ts';

/** An argument's value before it is written: constants, and variables wherever they may stand. */
export type ValueTree =
  | { readonly kind: 'constant'; readonly type: GraphQLInputType; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly ValueTree[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, ValueTree])[] }
  | VariableTree;

export interface VariableTree {
  readonly kind: 'variable';
  readonly type: string;
  /** As it is written in the operation. */
  readonly fallback: string | undefined;
  /** What the client sends; nothing, where undefined. */
  readonly sent: unknown;
  /** Which of the variables of its type it is: one may stand in many places. */
  readonly slot: number;
}

/** A value of an argument of the type. */
export function valueOf(type: GraphQLInputType, depth = 2): fc.Arbitrary<ValueTree> {
  const constant = constantOf(type, depth).map((value): ValueTree => ({ kind: 'constant', type, value }));
  const composite = compositeOf(isNonNullType(type) ? type.ofType : type, depth);
  return fc.oneof(
    { arbitrary: constant, weight: 4 },
    { arbitrary: variableOf(type, depth), weight: 3 },
    ...(composite ? [{ arbitrary: composite, weight: 4 }] : []),
  );
}

/** A variable that may stand where the type is wanted. */
export function variableOf(type: GraphQLInputType, depth = 2): fc.Arbitrary<VariableTree> {
  const bare = isNonNullType(type) ? type.ofType : type;
  const slot = fc.nat({ max: 1 });
  const value = present(bare, depth);
  const written = value.map((each) => literal(each, bare));
  const required = fc
    .record({ sent: value, slot })
    .map(({ sent, slot: at }) => ({ type: `${bare.toString()}!`, fallback: undefined, sent, slot: at }));
  const defaulted = fc.record({ fallback: written, sent: fc.option(value, { nil: undefined }), slot: slot.map((at) => at + 2) });
  const optional = fc.record({ sent: fc.oneof(value, fc.constantFrom(null, undefined)), slot: slot.map((at) => at + 4) });
  return fc
    .oneof(
      required,
      defaulted.map((each) => ({ type: bare.toString(), ...each })),
      ...(isNonNullType(type) ? [] : [optional.map((each) => ({ type: bare.toString(), fallback: undefined, ...each }))]),
    )
    .map((each): VariableTree => ({ kind: 'variable', ...each }));
}

function compositeOf(type: GraphQLNullableType & GraphQLInputType, depth: number): fc.Arbitrary<ValueTree> | undefined {
  if (depth <= 0) return undefined;
  if (isListType(type)) return fc.array(valueOf(type.ofType, depth - 1), { maxLength: 3 }).map((items) => ({ kind: 'list', items }));
  if (!isInputObjectType(type)) return undefined;
  const fields = Object.values(type.getFields()).map((field) => {
    const value = valueOf(field.type, depth - 1).map((tree): readonly (readonly [string, ValueTree])[] => [[field.name, tree]]);
    return isRequiredInputField(field) ? value : fc.oneof(value, fc.constant([]));
  });
  return fc.tuple(...fields).map((found) => ({ kind: 'object', fields: found.flat() }));
}

function constantOf(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return present(type.ofType, depth);
  return fc.oneof({ arbitrary: present(type, depth), weight: 5 }, { arbitrary: fc.constant(null), weight: 1 });
}

/** A value that is not null, as JSON. */
function present(type: GraphQLNullableType & GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isListType(type)) {
    const item = constantOf(type.ofType, depth - 1);
    // One value stands for a list of it.
    const single = constantOf(type.ofType, depth - 1).filter((value) => value !== null && !Array.isArray(value));
    return fc.oneof({ arbitrary: fc.array(item, { maxLength: depth > 0 ? 3 : 0 }), weight: 5 }, { arbitrary: single, weight: 1 });
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).flatMap((field) => {
      if (isRequiredInputField(field)) return [constantOf(field.type, depth - 1).map((value) => [[field.name, value]])];
      if (depth <= 0) return [];
      return [
        fc.oneof(
          constantOf(field.type, depth - 1).map((value) => [[field.name, value]]),
          fc.constant([]),
        ),
      ];
    });
    return fc.tuple(...fields).map((found) => Object.fromEntries(found.flat() as [string, unknown][]));
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  switch (type.name) {
    case 'Int':
      return fc.integer({ min: -3, max: 9 });
    case 'Float':
      return fc.constantFrom(0, 1, 2.5, -0.25, 1e21);
    case 'Boolean':
      return fc.boolean();
    case 'String':
      return fc.constantFrom('', 'a', 'b "quoted" \\ text', 'µ…\n');
    case 'ID':
      return fc.constantFrom('1', 'x', 7);
    default:
      return fc.constantFrom<unknown>('2026-01-01', 3, 1.5, true, { key: ['v', { n: null }] }, [1, 'two']);
  }
}

/** A constant as it is written in an operation. */
export function literal(value: unknown, type: GraphQLInputType): string {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, isListType(bare) ? bare.ofType : bare)).join(', ')}]`;
  if (isListType(bare)) return value === null ? 'null' : literal(value, bare.ofType);
  if (isRecord(value)) {
    const fields = isInputObjectType(bare) ? bare.getFields() : {};
    return `{${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each, fields[name]?.type ?? bare)}`)
      .join(', ')}}`;
  }
  return isEnumType(bare) && typeof value === 'string' ? value : JSON.stringify(value);
}
