import { openLaboratory } from './laboratory.ts';
import { enumerate } from './enumerate.ts';
import { scenarios } from './scenarios.ts';
const lab = await openLaboratory();
const [, , name, level, how, second] = process.argv;
for (const scenario of scenarios)
  if (name === 'all' || scenario.name === name)
    for (const l of level === 'both' ? (['ports', 'wire'] as const) : [level as 'ports']) {
      const t = performance.now();
      const r = await enumerate(lab, scenario, {
        level: l,
        how: how as 'dies',
        ...(second ? { everySecondBlow: Number(second) } : {}),
      });
      console.log(
        scenario.name,
        l,
        how,
        r.points,
        r.told,
        Math.round(performance.now() - t) + ' ms',
        r.failures.length,
      );
      for (const f of r.failures.slice(0, 6)) console.log(JSON.stringify(f, null, 1));
    }
await lab.close();
