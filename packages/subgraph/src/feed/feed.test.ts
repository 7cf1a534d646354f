import { anonymous } from '@storegraph/auth';
import { newId, silentLogger } from '@storegraph/core';
import { expect, it } from 'vitest';
import { createFeeds, wholeFeed, type FeedEntry, type FeedHead, type FeedSource } from './feed.ts';

it('a feed whose start fails after everybody has left it is not in the way of those who follow anew: they share one reading', async () => {
  const heads: PromiseWithResolvers<FeedHead>[] = [];
  const source: FeedSource<FeedEntry> = {
    domain: 'test',
    head: () => {
      const head = Promise.withResolvers<FeedHead>();
      heads.push(head);
      return head.promise;
    },
    advance: () => Promise.resolve([]),
  };
  const host = {
    within: <T>(_: unknown, work: (db: never) => Promise<T>) => work(undefined as never),
    onWake: () => () => {},
    log: silentLogger,
  };
  const feeds = createFeeds(host, source);
  const follower = {
    ...wholeFeed<FeedEntry>(null),
    identity: anonymous(),
    storeId: newId('sto'),
    replay: () => Promise.resolve([]),
    isShown: () => true,
  };

  const first = feeds.follow(follower);
  const next = first.next();
  const left = first.return?.();
  const second = feeds.follow(follower);
  expect(heads).toHaveLength(2);
  heads[0]?.reject(new Error('no database'));
  await expect(next).rejects.toThrow('no database');
  await left;

  const third = feeds.follow(follower);
  expect(heads).toHaveLength(2);
  await second.return?.();
  await third.return?.();
  // Nobody follows any more: whoever comes next reads from where the feed is then.
  const fourth = feeds.follow(follower);
  expect(heads).toHaveLength(3);
  await fourth.return?.();
});
