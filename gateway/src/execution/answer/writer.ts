import {
  getNamedType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
} from 'graphql';
import { refused } from '../../errors.ts';
import type { Run } from '../compile/run.ts';
import type { Sharing } from '../compile/sharing.ts';
import { isObject, reader, type Entity } from '../own.ts';
import { leafText } from './leaf.ts';
import type { Asked, AskedField, ShapeReader } from './shape.ts';

/** One writing of an answer. */
export interface Writing {
  /** As in `Run`. */
  readonly shared: Run['shared'];
  /** The JSON text of what introspection fields of one key answer. */
  readonly introspect: (key: string, nodes: readonly FieldNode[]) => string;
  /** The objects written so far. */
  objects: number;
  /** Whether a value was met that its type does not allow. */
  invalid: boolean;
  /** How many characters were written from memory. */
  repeated: number;
  /** By field: the texts of the objects and lists that may be met again. */
  readonly memos: (Map<object, Memo> | undefined)[];
}

interface Memo {
  readonly text: string | undefined;
  readonly objects: number;
}

/** What stands at many places is small to fetch, and an answer of any size: lists of a hundred within each other come to gigabytes. In characters. */
const maxRepeated = 32 * 1024 * 1024;

/** JSON text; undefined for a null that may not stand where it is, so that what holds it becomes null. */
type Write = (value: unknown, writing: Writing) => string | undefined;
type WriteField = (from: Entity, writing: Writing) => string | undefined;

/** Compiles the writing of an operation's answer from the result graph. Writing throws a coded GraphQLError for an answer that would repeat more than 32 Mi characters. */
export function compileWriter(shape: ShapeReader, root: GraphQLCompositeType, asked: Asked, sharing: Sharing) {
  let memos = 0;

  function object(fields: Asked, path: readonly string[]): Write {
    const writers = new Map<unknown, WriteField | undefined>();
    const writerFor = (typename: unknown): WriteField | undefined => {
      const known = writers.get(typename);
      if (known) return known;
      // Nothing that does not say its type can be told apart; what says a type that clients don't know is nothing to them.
      if (typename === undefined || typename === null || typename === '') {
        const untyped = members(shape.fields(fields, undefined), undefined, path);
        writers.set(typename, untyped);
        return untyped;
      }
      if (typeof typename !== 'string' || !isCompositeType(shape.schema.getType(typename))) return undefined;
      const typed = members(shape.fields(fields, typename), typename, path);
      writers.set(typename, typed);
      return typed;
    };
    return (value, writing) => {
      const write = isObject(value) ? writerFor(value['__typename']) : undefined;
      if (write) return write(value as Entity, writing) ?? 'null';
      writing.invalid = true;
      return 'null';
    };
  }

  /** The members of an object in their order: undefined as soon as one of them may not be null and is. */
  function members(fields: readonly AskedField[], typename: string | undefined, path: readonly string[]): WriteField {
    const prefixes = fields.map(({ key }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`);
    const writers = fields.map((field) => member(field, typename, path));
    return (from, writing) => {
      const before = writing.objects;
      let text = '';
      for (let index = 0; index < writers.length; index += 1) {
        const value = (writers[index] as WriteField)(from, writing);
        if (value === undefined) {
          writing.objects = before;
          return undefined;
        }
        text += (prefixes[index] as string) + value;
      }
      writing.objects += 1;
      return text === '' ? '{}' : `${text}}`;
    };
  }

  function member(field: AskedField, typename: string | undefined, path: readonly string[]): WriteField {
    if (field.kind === 'typename') return typenameOf(field, typename);
    if (field.kind === 'introspection') return (_, { introspect }) => introspect(field.key, field.nodes);
    const read = reader(field.key);
    const write = remembered(output(field.type, field.asked, [...path, field.key]), sharing.numberOf(path), field.type);
    return (from, writing) => write(read(from), writing);
  }

  function typenameOf({ key, otherwise }: Extract<AskedField, { kind: 'typename' }>, typename: string | undefined): WriteField {
    const known = otherwise ?? (typename !== undefined && isObjectType(shape.schema.getType(typename)) ? typename : undefined);
    const textFor = (name: unknown): string | undefined => {
      const type = typeof name === 'string' ? (shape.schema.getType(name) ?? known) : known;
      const shown = typeof type === 'string' ? type : isObjectType(type) ? type.name : undefined;
      return shown === undefined ? undefined : `"${shown}"`;
    };
    const usual = textFor(typename);
    if (key === '__typename') return () => usual;
    const read = reader(key);
    return (from) => {
      const said = read(from);
      return said === undefined || said === null || said === typename ? usual : textFor(said);
    };
  }

  /** Where objects come to stand at several places, their text is kept: what is below is within it. Where only few do, remembering costs more than it saves. */
  function remembered(write: Write, number: number | undefined, type: GraphQLOutputType): Write {
    if (number === undefined || isLeafType(getNamedType(type))) return write;
    const memo = memos;
    memos += 1;
    return (value, writing) => {
      if (writing.shared[number] !== 'many' || typeof value !== 'object' || value === null) return write(value, writing);
      const texts = (writing.memos[memo] ??= new Map<object, Memo>());
      const known = texts.get(value);
      if (known) {
        writing.objects += known.objects;
        writing.repeated += known.text?.length ?? 0;
        if (writing.repeated > maxRepeated) throw refused('BAD_REQUEST', 'The answer would repeat too much.', { limit: 'answer' });
        return known.text;
      }
      const before = writing.objects;
      const text = write(value, writing);
      texts.set(value, { text, objects: writing.objects - before });
      return text;
    };
  }

  function output(type: GraphQLOutputType, fields: Asked, path: readonly string[]): Write {
    if (isNonNullType(type)) {
      const write = output(type.ofType, fields, path);
      return (value, writing) => {
        const text = write(value, writing);
        if (text !== 'null') return text;
        writing.invalid = true;
        return undefined;
      };
    }
    if (isListType(type)) return list(output(type.ofType, fields, path));
    if (isCompositeType(type)) {
      const write = remembered(object(fields, path), sharing.numberOf(path), type);
      return (value, writing) => (value === null || value === undefined ? 'null' : write(value, writing));
    }
    const leaf = leafText(type);
    return (value, writing) => {
      if (value === null || value === undefined) return 'null';
      const text = leaf(value);
      if (text !== undefined) return text;
      writing.invalid = true;
      return 'null';
    };
  }

  const write = members(shape.fields(asked, root.name), root.name, []);
  return (from: Entity, writing: Writing): string => {
    const text = write(from, writing) ?? 'null';
    // The root is no object of the answer's own.
    if (text !== 'null') writing.objects -= 1;
    return text;
  };
}

function list(write: Write): Write {
  return (value, writing) => {
    if (value === null || value === undefined) return 'null';
    if (!Array.isArray(value)) {
      writing.invalid = true;
      return 'null';
    }
    const before = writing.objects;
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      const element = write(value[index], writing);
      if (element === undefined) {
        writing.objects = before;
        return 'null';
      }
      text += index === 0 ? element : `,${element}`;
    }
    return `${text}]`;
  };
}
