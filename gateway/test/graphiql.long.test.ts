import { existsSync } from 'node:fs';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
let browser: Awaited<ReturnType<typeof chromium.launch>>;
beforeAll(async () => {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(`There is no browser at ${executablePath}; CHROMIUM names any other Chromium or Chrome.`);
  graph = await fixtureGraph('memory');
  browser = await chromium.launch({ executablePath });
});
afterAll(async () => {
  await browser.close();
  await graph.close();
});

/** GraphiQL with a query in it, and what went wrong on the page. */
async function graphiql(query: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${graph.gateway.url}/graphql?query=${encodeURIComponent(query)}`);
  return { page, errors };
}

it('shows, when asked to, how an operation was executed, and lets GraphiQL answer it as before', async () => {
  const { page, errors } = await graphiql('{ customers { name orderCount store { name } } }');
  const run = page.getByRole('button', { name: /execute query/i });
  const panel = page.getByRole('region', { name: 'How the operation was executed' });
  const answer = page.locator('.graphiql-response');

  await run.click();
  await answer.getByText('Name cus_1').first().waitFor();
  expect(await panel.innerText()).toBe('Explain');

  await panel.getByRole('button', { name: 'Explain' }).click();
  await run.click();
  await panel.getByText('3 fetches').waitFor();
  const rows = await panel.locator('tbody tr:not([hidden])').allInnerTexts();
  expect(rows.map((row) => row.split('\t').slice(0, 4))).toEqual([
    ['customers', 'root', '', expect.stringMatching(/^\d+ B$/)],
    ['orders', 'customers.@', '3', '66 B'],
    ['accounts', 'customers.@.store', '1', expect.stringMatching(/^\d+ B$/)],
  ]);
  await panel.getByRole('button', { name: 'orders' }).click();
  expect(await panel.locator('tr.explain-document:not([hidden])').innerText()).toContain('...on Customer{orderCount}');
  await panel.getByText('Plan', { exact: true }).click();
  expect(await panel.locator('details pre').innerText()).toMatch(/^QueryPlan \{\n {2}Sequence/);
  await answer.getByText('Name cus_1').first().waitFor();

  await panel.getByRole('button', { name: 'Explain' }).click();
  expect(await panel.innerText()).toBe('Explain');
  expect(errors).toEqual([]);
});
