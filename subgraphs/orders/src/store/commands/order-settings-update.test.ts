import { describe, expect, it } from 'vitest';
import { ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();

describe('orderSettingsUpdate', () => {
  it('says after how long an order that is not paid is given up, from the next order on', async () => {
    const desk = orders.desk();
    expect(await desk.staff.data('{ orderSettings { unpaidExpiryMinutes } }')).toEqual({ orderSettings: { unpaidExpiryMinutes: null } });
    const before = await desk.order();
    const set = (unpaidExpiryMinutes: number | null) =>
      desk.mutate('orderSettingsUpdate', { unpaidExpiryMinutes }, 'settings { unpaidExpiryMinutes }');
    expect(await set(30)).toEqual({ settings: { unpaidExpiryMinutes: 30 }, userErrors: [] });
    const after = await desk.order();
    const free = await desk.order({ discount: 2500 });
    const minutes = await orders.admin(
      `select round(extract(epoch from expires_at - placed_at) / 60)::int as minutes from orders.orders where store_id in (select store_id from orders.order_settings) order by number`,
    );
    expect([before, after, free]).toHaveLength(3);
    expect(minutes).toEqual([{ minutes: null }, { minutes: 30 }, { minutes: null }]);
    expect(await set(null)).toMatchObject({ settings: { unpaidExpiryMinutes: null } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const desk = orders.desk();
    const refused = (unpaidExpiryMinutes: number) => desk.refused('orderSettingsUpdate', { unpaidExpiryMinutes });
    expect(await refused(0)).toEqual([['INVALID', 'unpaidExpiryMinutes']]);
    expect(await refused(525_601)).toEqual([['INVALID', 'unpaidExpiryMinutes']]);
    expect(await desk.staff.data('{ orderSettings { unpaidExpiryMinutes } }')).toEqual({ orderSettings: { unpaidExpiryMinutes: null } });
  });
});
