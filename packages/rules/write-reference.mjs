// Generates codes.md, dispatching.schema.json and the tables of dispatching.md in docs/reference.
// A test fails if they are out of date: run `npm run reference -w @dispatcher/rules`.
import { readFileSync, writeFileSync } from 'node:fs';
import { codesPage, schemaFile, withTables } from './src/reference/pages.ts';

const file = (name) => new URL(`../../docs/reference/${name}`, import.meta.url);
writeFileSync(file('codes.md'), codesPage());
writeFileSync(file('dispatching.schema.json'), schemaFile());
writeFileSync(file('dispatching.md'), withTables(readFileSync(file('dispatching.md'), 'utf8')));
