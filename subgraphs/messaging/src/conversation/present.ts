/** What a foreign key of this domain promises: the row that another refers to. */
export function present<Row>(row: Row | null): Row {
  if (row === null) throw new Error('A row that another refers to is not visible');
  return row;
}
