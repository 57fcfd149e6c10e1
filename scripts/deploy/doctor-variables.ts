// Reads `terraform output -json` and prints the output `doctor_variables` as lines NAME=VALUE; nothing before the first apply.
import { text } from 'node:stream/consumers';

interface Outputs {
  readonly doctor_variables?: { readonly value: Readonly<Record<string, string>> };
}

const { doctor_variables: variables } = JSON.parse(await text(process.stdin)) as Outputs;
for (const [name, value] of Object.entries(variables?.value ?? {})) console.log(`${name}=${value}`);
