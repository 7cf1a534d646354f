import { Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { overlappingPairs } from './overlaps.ts';

function pairs(source: string): number {
  const { definitions } = parse(source);
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : []));
  return operation ? overlappingPairs(operation.selectionSet, new Map(fragments)) : NaN;
}

it.each([
  ['of fields with names of their own', '{ a { b c } d }', 0],
  ['of fields of one name', '{ a a a a }', 6],
  ['of fields under one alias', '{ x: a x: b }', 1],
  ['in inline fragments', '{ a ... { a ... on Query { a } } }', 3],
  ['in a fragment, once however often it is spread', '{ a ...F ...F } fragment F on Query { a }', 1],
  ['of fragments in one place, and what they have in common', '{ ...F ...G } fragment F on Query { a } fragment G on Query { a }', 2],
  ['of what stands in fields that merge', '{ a { b c } a { b c } }', 3],
  ['of what stands in fragments of fields that merge', '{ a { ...F } a { b } } fragment F on A { b { c } b { c } }', 1 + 3 + 1],
])('counts the pairs %s', (_, source, expected) => expect(pairs(source)).toBe(expected));
