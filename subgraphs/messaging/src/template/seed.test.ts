import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { mailHarness } from '../../test/mail.ts';
import { take } from './seed.ts';

const mail = await mailHarness();

const start = async () => {
  const db = mail.pool.session({ domain: 'messaging', identity: identity.system(null), correlationId: 'test', origin: 'LIVE' });
  await db.write(take);
  await db.end();
};
const versions = () =>
  mail.admin(`select version, count(*)::integer as templates from messaging.email_templates group by version order by version`);

it('takes each ready-made template once, however many processes start at once, and what is new in one as its next version', async () => {
  await Promise.all([start(), start(), start()]);
  expect(await versions()).toEqual([{ version: 1, templates: 51 }]);
  // As though the files said something new since.
  await mail.admin(`update messaging.email_templates set hash = 'of before', subject = 'Old' where code = 'gift-card' and language = 'fr'`);
  await Promise.all([start(), start()]);
  expect(await versions()).toEqual([
    { version: 1, templates: 51 },
    { version: 2, templates: 1 },
  ]);
  const answer = await mail
    .staff(await mail.store())
    .data(`{ emailTemplates(filter: { code: "gift-card" }, first: 10) { totalCount nodes { language version subject } } }`);
  expect(answer).toEqual({
    emailTemplates: {
      totalCount: 3,
      nodes: [
        { language: 'de', version: 1, subject: expect.stringContaining('Gutschein') },
        { language: 'en', version: 1, subject: expect.stringContaining('gift card') },
        { language: 'fr', version: 2, subject: expect.stringContaining('carte cadeau') },
      ],
    },
  });
});
