// Reads `terraform output -json` and prints the output `doctor_variables` as lines NAME=VALUE; nothing before the
// first apply, and GITHUB_APP_ID=unknown for an environment that was applied without this output.
import { text } from 'node:stream/consumers';

interface Outputs {
  readonly images?: object;
  readonly doctor_variables?: { readonly value: Readonly<Record<string, string>> };
}

const { images, doctor_variables: known } = JSON.parse(await text(process.stdin)) as Outputs;
const variables = known?.value ?? (images === undefined ? {} : { GITHUB_APP_ID: 'unknown' });
for (const [name, value] of Object.entries(variables)) console.log(`${name}=${value}`);
