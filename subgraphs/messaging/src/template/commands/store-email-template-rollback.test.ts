import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const which = { code: 'order-delivered', language: 'fr' };
const words = { ...which, format: 'HTML', source: '<p>{{ number }}</p>' };

async function published(subjects: readonly string[]) {
  const staff = mail.staff(await mail.store());
  for (const subject of subjects) {
    await mutate(staff, 'storeEmailTemplateSave', { ...words, subject });
    await mutate(staff, 'storeEmailTemplatePublish', which);
  }
  const versions = async () => {
    const answer = await staff.data<{ storeEmailTemplates: { nodes: { version: number; status: string }[] } }>(
      `{ storeEmailTemplates { nodes { version status } } }`,
    );
    return answer.storeEmailTemplates.nodes.map(({ version, status }) => `${version} ${status}`);
  };
  return { staff, versions };
}

describe('storeEmailTemplateRollback', () => {
  it('sends an earlier version again, and leaves the draft alone', async () => {
    const { staff, versions } = await published(['One', 'Two']);
    await mutate(staff, 'storeEmailTemplateSave', { ...words, subject: 'Three' });
    expect(await mutate(staff, 'storeEmailTemplateRollback', { ...which, version: 1 }, 'template { subject status }')).toMatchObject({
      template: { subject: 'One', status: 'PUBLISHED' },
    });
    expect(await versions()).toEqual(['3 DRAFT', '2 ARCHIVED', '1 PUBLISHED']);
  });

  it('refuses bad input, and changes nothing', async () => {
    const { staff, versions } = await published(['One']);
    await mutate(staff, 'storeEmailTemplateSave', { ...words, subject: 'Two' });
    const refuse = (rest: object) => refused(staff, 'storeEmailTemplateRollback', { ...which, version: 1, ...rest });
    expect(await refuse({})).toEqual([['ALREADY_PUBLISHED', 'version']]);
    expect(await refuse({ version: 2 })).toEqual([['NOT_FOUND', 'version']]);
    expect(await refuse({ version: 7 })).toEqual([['NOT_FOUND', 'version']]);
    expect(await refuse({ code: 'no-such' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ language: '' })).toEqual([['REQUIRED', 'language']]);
    const elsewhere = mail.staff(await mail.store());
    expect(await refused(elsewhere, 'storeEmailTemplateRollback', { ...which, version: 1 })).toEqual([['NOT_FOUND', 'version']]);
    expect(await versions()).toEqual(['2 DRAFT', '1 PUBLISHED']);
  });
});
