import { hostileGateway } from './gateway.ts';

/** A process of its own: serves the gateway, and says at each message how much CPU it has used so far, in milliseconds. */
const gateway = await hostileGateway();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
});
process.on('disconnect', () => process.exit());
process.send?.(gateway.url);
