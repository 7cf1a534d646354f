import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const client = new URL('../src/', import.meta.url);
const graphqlWs = new URL('.', import.meta.resolve('graphql-ws/client'));

const imports = { '@storegraph/client': '/client/index.ts', 'graphql-ws/client': '/graphql-ws/client.js' };
const html = `<!doctype html><title>Client</title><script type="importmap">${JSON.stringify({ imports })}</script>`;

/** The client as it is written, without its types, and graphql-ws beside it: nothing bundles them. */
async function fileAt(path: string): Promise<{ type: string; text: string } | undefined> {
  const [, folder, name = ''] = /^\/(client|graphql-ws)\/([\w.-]+)$/.exec(path) ?? [];
  if (folder === 'client') {
    const source = await readFile(new URL(name, client), 'utf8');
    return { type: 'text/javascript', text: stripTypeScriptTypes(source) };
  }
  if (folder === 'graphql-ws') return { type: 'text/javascript', text: await readFile(new URL(name, graphqlWs), 'utf8') };
  return path === '/' ? { type: 'text/html', text: html } : undefined;
}

/** A page of a real browser which can import `@storegraph/client`. Fails where there is no browser. */
export async function openPage(): Promise<Page> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(
      `There is no browser at ${executablePath}. Debian has one (apt-get install chromium); CHROMIUM names any other Chromium or Chrome.`,
    );

  const server = createServer((request, response) => {
    void fileAt(request.url ?? '').then((file) => {
      response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
      response.end(file?.text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await chromium.launch({ executablePath });
  onTestFinished(async () => {
    await browser.close();
    server.close();
    await once(server, 'close');
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return page;
}
