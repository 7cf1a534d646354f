import { toUuid, type StoreId } from '@storegraph/core';
import { sql, type Placeholder } from 'drizzle-orm';
import { flatReader, type SelectedField } from './reader.ts';
import { storeOf } from './rows.ts';
import { draft, handleOf, type Tx } from './transaction.ts';

type Sendable = string | number | boolean | null;

/** A place in a prepared query. `read` makes what is sent there of what the query is called with. */
type Parameter<Values> = (read: (values: Values) => Sendable) => Placeholder;

/** What `tx.select()…` gives, and what is made of several of them. */
interface Preparable<Row> {
  prepare(name: string): unknown;
  then: PromiseLike<Row[]>['then'];
}

/** What Drizzle has made ready. */
interface Ready {
  readonly queryString: string;
  readonly params: readonly unknown[];
  readonly fields: readonly SelectedField[];
}

interface Query<Values, Row> {
  readonly text: string;
  readonly parameters: readonly ((tx: Tx, values: Values) => Sendable)[];
  readonly read: (values: readonly unknown[]) => Row;
}

/**
 * A query that is made once and asked often: its text and the reading of its rows are known from the first call on, where making them anew costs several
 * times what sending them does. `build` is called once, with a transaction that only takes queries (`own` works in it) and a function that makes
 * parameters; all that differs from call to call must be one of them. The query gives flat rows: of one table, or of named expressions.
 */
export function prepared<Values, Row>(
  build: (tx: Tx, parameter: Parameter<Values>) => Preparable<Row>,
): (tx: Tx, values: Values) => Promise<Row[]> {
  let query: Query<Values, Row> | undefined;
  return async (tx, values) => {
    query ??= compile(build);
    const { text, parameters, read } = query;
    const sent = parameters.map((parameter) => parameter(tx, values));
    const rows = await handleOf(tx).send(text, sent).values();
    return rows.map((row) => read(row as readonly unknown[]));
  };
}

const storePlace = sql.placeholder('store');

function compile<Values, Row>(build: (tx: Tx, parameter: Parameter<Values>) => Preparable<Row>): Query<Values, Row> {
  const places = new Map<unknown, (tx: Tx, values: Values) => Sendable>([[storePlace, (tx) => toUuid(storeOf(tx))]]);
  const parameter: Parameter<Values> = (read) => {
    const place = sql.placeholder(String(places.size));
    places.set(place, (_, values) => read(values));
    return place;
  };
  // Compared with a column, it stands for itself.
  const { queryString: text, params, fields } = build(draft(storePlace as unknown as StoreId), parameter).prepare('') as Ready;
  const read = flatReader<Row>(fields);
  if (!read) throw new Error('A prepared query gives flat rows');
  return { text, parameters: params.map((param) => places.get(param) ?? (() => param as Sendable)), read };
}
