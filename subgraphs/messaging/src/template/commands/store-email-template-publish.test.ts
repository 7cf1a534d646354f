import { toUuid } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const which = { code: 'order-delivered', language: 'fr' };
const words = { ...which, subject: 'Commande {{ number }}', format: 'HTML', source: '<p>{{ number }}</p>' };
const found = `query ($language: String) { emailTemplateResolution(code: "order-delivered", language: $language) { source language rung version category subject } }`;

describe('storeEmailTemplatePublish', () => {
  it('has the store’s words sent, before the platform’s in the same language and behind them in a better one', async () => {
    const store = await mail.store({ language: 'fr' });
    const staff = mail.staff(store);
    const resolved = async (language: string | null) =>
      (await staff.data<{ emailTemplateResolution: object }>(found, { language })).emailTemplateResolution;
    await mutate(staff, 'storeEmailTemplateSave', words);
    expect(await resolved('fr')).toMatchObject({ source: 'PLATFORM', version: 1 });
    expect(await mutate(staff, 'storeEmailTemplatePublish', which, 'template { status version publishedAt }')).toMatchObject({
      template: { status: 'PUBLISHED', version: 1, publishedAt: expect.any(String) },
    });
    const own = { source: 'STORE', version: 1, category: 'ORDERS', language: 'fr', subject: 'Commande {{ number }}' };
    expect(await resolved('fr')).toEqual({ ...own, rung: 'EXACT' });
    expect(await resolved('fr-CA')).toEqual({ ...own, rung: 'BASE_LANGUAGE' });
    expect(await resolved(null)).toEqual({ ...own, rung: 'STORE_DEFAULT' });
    expect(await resolved('de')).toMatchObject({ source: 'PLATFORM', language: 'de', rung: 'EXACT' });
    const elsewhere = mail.staff(await mail.store({ language: 'it' }));
    expect((await elsewhere.data(found, { language: 'fr' }))['emailTemplateResolution']).toMatchObject({ source: 'PLATFORM' });
    expect((await elsewhere.data(found, { language: null }))['emailTemplateResolution']).toMatchObject({ rung: 'ENGLISH' });
  });

  it('keeps what was published before', async () => {
    const staff = mail.staff(await mail.store());
    for (const subject of ['One', 'Two']) {
      await mutate(staff, 'storeEmailTemplateSave', { ...words, subject });
      await mutate(staff, 'storeEmailTemplatePublish', which);
    }
    const { storeEmailTemplates } = await staff.data(`{ storeEmailTemplates { nodes { version status subject } } }`);
    expect(storeEmailTemplates).toEqual({
      nodes: [
        { version: 2, status: 'PUBLISHED', subject: 'Two' },
        { version: 1, status: 'ARCHIVED', subject: 'One' },
      ],
    });
  });

  it('refuses bad input, and what can’t be sent any more', async () => {
    const store = await mail.store();
    const staff = mail.staff(store);
    const refuse = (rest: object) => refused(staff, 'storeEmailTemplatePublish', { ...which, ...rest });
    expect(await refuse({})).toEqual([['NOT_FOUND', 'language']]);
    expect(await refuse({ code: ' ' })).toEqual([['REQUIRED', 'code']]);
    expect(await refuse({ code: 'no-such' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ code: 'invitation' })).toEqual([['PLATFORM_ONLY', 'code']]);
    await mutate(staff, 'storeEmailTemplateSave', words);
    await mail.admin(`update messaging.store_email_templates set source = '{{ gone }}' where status = 'DRAFT' and store_id = $1`, [
      toUuid(store),
    ]);
    expect(await refuse({})).toEqual([['TEMPLATE_FAULTY', null]]);
    expect(await mail.admin(`select status from messaging.store_email_templates where source = '{{ gone }}'`)).toEqual([
      { status: 'DRAFT' },
    ]);
  });
});
