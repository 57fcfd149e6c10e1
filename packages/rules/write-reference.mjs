// Writes what docs/reference has from the code. A test says when it is needed: npm run reference -w @dispatcher/rules
import { readFileSync, writeFileSync } from 'node:fs';
import { codesPage, schemaFile, withTables } from './src/reference/pages.ts';

const file = (name) => new URL(`../../docs/reference/${name}`, import.meta.url);
writeFileSync(file('codes.md'), codesPage());
writeFileSync(file('dispatching.schema.json'), schemaFile());
writeFileSync(file('dispatching.md'), withTables(readFileSync(file('dispatching.md'), 'utf8')));
