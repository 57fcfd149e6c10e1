import { openLaboratory } from './system/harness.ts';
import type { Answer, Order } from './process-pool.ts';
import { tellIn } from './run-scenario.ts';

// A process of the pool: it tells what it is sent, until its parent lets go of it.

const laboratory = await openLaboratory();
const tell = tellIn(laboratory);

process.on('message', ({ id, scenario, level, blows }: Order) => {
  tell(scenario, level, blows).then(
    (told) => process.send?.({ id, told } satisfies Answer),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
  );
});
// Its emulator and its database would keep it alive for ever, also where the parent was killed.
process.once('disconnect', () => process.exit());
