// Compares the size of each bundle with its budget: every cold start of a Lambda loads the whole bundle.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const budgetsInKilobytes = { ingress: 270, planning: 790, dispatch: 750, facts: 450, admin: 1_060 };

let over = 0;
for (const [name, budget] of Object.entries(budgetsInKilobytes)) {
  const size = statSync(fileURLToPath(new URL(`../functions/${name}/dist/handler.mjs`, import.meta.url))).size / 1000;
  const fits = size <= budget;
  if (!fits) over += 1;
  console.log(`${fits ? 'ok  ' : 'OVER'} ${name.padEnd(9)} ${size.toFixed(0).padStart(5)} KB of ${budget}`);
}
if (over > 0) {
  console.error(
    `${over} bundle(s) over budget. Open functions/NAME/dist/meta.json at esbuild.github.io/analyze to see their contents.`,
  );
  process.exit(1);
}
