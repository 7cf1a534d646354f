import { RuleTester, type Rule } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { tenantFilter } from './tenant-filter.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { projectService: { allowDefaultProject: ['*.ts'] }, tsconfigRootDir: import.meta.dirname },
  },
});

const tables = `
  declare const schema: unknown, tx: any, condition: any, list: any[];
  declare function tenantTable(...args: unknown[]): any; declare function platformTable(...args: unknown[]): any;
  declare function alias(...args: unknown[]): any; declare function own(...args: unknown[]): any; declare function owned(...args: unknown[]): any;
  declare function eq(...args: unknown[]): any;
  const orders = tenantTable(schema, 'orders', {}); const lines = tenantTable(schema, 'lines', {}); const roles = platformTable(schema, 'roles', {});
  const other = alias(orders, 'other');
`;
const on = (statement: string) => ({ filename: 'statement.ts', code: `${tables}${statement}`, name: statement });
const refused = (statement: string, ...messageIds: string[]) => ({
  ...on(statement),
  errors: messageIds.map((messageId) => ({ messageId })),
});

tester.run('tenant-filter', tenantFilter as unknown as Rule.RuleModule, {
  valid: [
    on(`tx.select().from(orders).where(own(tx, orders, condition)).for('update')`),
    on(`const mine = own(tx, orders); tx.select().from(orders).where(mine)`),
    on(`tx.update(orders).set({}).where(own(tx, orders)).returning()`),
    on(`tx.delete(orders).where(own(tx, orders))`),
    on(`tx.insert(orders).values(owned(tx, {}))`),
    on(`const rows = list.map((row) => owned(tx, row)); tx.insert(orders).values(rows).onConflictDoNothing()`),
    on(`tx.select().from(orders).innerJoin(lines, own(tx, lines)).where(own(tx, orders))`),
    on(`tx.select().from(orders).innerJoin(lines, eq(lines.storeId, orders.storeId)).where(own(tx, orders))`),
    on(`tx.select().from(roles).where(condition)`),
    on(`tx.insert(roles).values({})`),
    on(`type SweepTx = { select(): any; kind: 'sweep' }; (sweep: SweepTx) => sweep.select().from(orders).where(condition)`),
  ],
  invalid: [
    refused(`tx.select().from(orders)`, 'own'),
    refused(`tx.select().from(orders).where(condition).limit(1)`, 'own'),
    refused(`tx.select().from(other).where(condition)`, 'own'),
    refused(`tx.select().from(orders).where(own(tx, lines))`, 'own'),
    refused(`tx.update(orders).set({}).where(condition)`, 'own'),
    refused(`tx.delete(orders)`, 'own'),
    refused(`tx.insert(orders).values({})`, 'owned'),
    refused(`const rows = list.map((row) => row); tx.insert(orders).values(rows)`, 'owned'),
    refused(`tx.select().from(orders).innerJoin(lines, condition).where(own(tx, orders))`, 'join'),
  ],
});
