// Writes description.json, which Terraform reads. Run it after a change of the topology, the tables or a configuration.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { descriptionFile, terraformDescription } from './description.ts';

const text = JSON.stringify(terraformDescription(), null, 2);
writeFileSync(
  descriptionFile,
  execFileSync('biome', ['format', '--stdin-file-path=description.json'], { input: text }),
);
console.log(`written: ${descriptionFile}`);
