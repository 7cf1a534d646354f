import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const which = { code: 'order-delivered', language: 'fr' };
const words = { ...which, subject: 'One', format: 'HTML', source: '<p>{{ number }}</p>' };

describe('storeEmailTemplateDelete', () => {
  it('has the platform’s words sent again, keeps what was published and forgets the draft', async () => {
    const staff = mail.staff(await mail.store());
    await mutate(staff, 'storeEmailTemplateSave', words);
    await mutate(staff, 'storeEmailTemplatePublish', which);
    await mutate(staff, 'storeEmailTemplateSave', { ...words, subject: 'Two' });
    expect(await mutate(staff, 'storeEmailTemplateDelete', which, 'resolution { source language rung }')).toEqual({
      resolution: { source: 'PLATFORM', language: 'fr', rung: 'EXACT' },
      userErrors: [],
    });
    const { storeEmailTemplates } = await staff.data(`{ storeEmailTemplates { nodes { subject status } } }`);
    expect(storeEmailTemplates).toEqual({ nodes: [{ subject: 'One', status: 'ARCHIVED' }] });
  });

  it('refuses bad input, and what is not there', async () => {
    const staff = mail.staff(await mail.store());
    const refuse = (rest: object) => refused(staff, 'storeEmailTemplateDelete', { ...which, ...rest });
    expect(await refuse({})).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ code: 'no-such' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ code: 'x'.repeat(61) })).toEqual([['TOO_LONG', 'code']]);
    expect(await refuse({ language: '?' })).toEqual([['INVALID', 'language']]);
  });
});
