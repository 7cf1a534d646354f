import { expect, it } from 'vitest';
import { mayHaveDemoStore } from './demo.ts';

it('the demo store, whose password is public, is made in development on this machine and nowhere else', () => {
  for (const STOREGRAPH_HOST of ['127.0.0.1', '::1', 'localhost']) {
    expect(mayHaveDemoStore({ NODE_ENV: 'development', STOREGRAPH_HOST })).toBe(true);
    expect(mayHaveDemoStore({ NODE_ENV: 'production', STOREGRAPH_HOST })).toBe(false);
  }
  for (const STOREGRAPH_HOST of ['0.0.0.0', '::', '10.0.0.5', 'shop.example']) {
    expect(mayHaveDemoStore({ NODE_ENV: 'development', STOREGRAPH_HOST })).toBe(false);
  }
});
