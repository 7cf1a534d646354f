import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('memory');
});
afterAll(() => graph.close());

const page = () => fetch(`${graph.gateway.url}/graphql`, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });

it('a browser gets GraphiQL, whose page names nothing outside this server', async () => {
  const answer = await page();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await answer.text();
  expect(html).toContain('<div id="root"></div>');
  const references = [...html.matchAll(/(?:src|href|action|data|poster|srcset)\s*=\s*"([^"]*)"/g)].map(([, to = '']) => to);
  expect(references.length).toBeGreaterThanOrEqual(3);
  for (const to of references) expect(to).toMatch(/^(?:\/graphiql\/|data:)/);
  expect(html).not.toMatch(/url\(|@import|<script>|<style>|\son\w+=/);
});

it('its policy allows only this server, and no inline script', async () => {
  const header = (await page()).headers.get('content-security-policy') ?? '';
  const policy = new Map(header.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]));
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'"]);
  expect(policy.get('connect-src')).toEqual(["'self'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  for (const sources of policy.values())
    for (const source of sources) expect(source).toMatch(/^'(self|none|unsafe-inline)'$|^data:$|^blob:$/);
});

it('its script and style are served from here, whole, and style loads nothing from elsewhere', async () => {
  const html = await (await page()).text();
  const [script, style] = await Promise.all(
    [/src="(\/graphiql\/[^"]+)"/, /href="(\/graphiql\/[^"]+)"/].map(async (form) => {
      const answer = await fetch(`${graph.gateway.url}${form.exec(html)?.[1] ?? ''}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toContain('immutable');
      return { type: answer.headers.get('content-type'), text: await answer.text() };
    }),
  );
  expect(script?.type).toBe('text/javascript; charset=utf-8');
  expect(script?.text).toContain('YogaGraphiQL.renderYogaGraphiQL');
  expect(script?.text.length).toBeGreaterThan(1_000_000);
  expect(style?.type).toBe('text/css; charset=utf-8');
  expect(
    [...(style?.text ?? '').matchAll(/url\(\s*["']?([^"')]{0,40})/g)].filter(
      ([, to = '']) => !to.startsWith('data:') && !to.startsWith('#'),
    ),
  ).toEqual([]);
});

it('a client that asks with a query gets an answer, not a page', async () => {
  const answer = await fetch(`${graph.gateway.url}/graphql?query={__typename}`, {
    headers: { accept: 'text/html, application/json', 'apollo-require-preflight': '1' },
  });
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
});

it('a browser that comes back to the address with its query in it gets the page again', async () => {
  const answer = await fetch(`${graph.gateway.url}/graphql?query=%7B__typename%7D`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});
