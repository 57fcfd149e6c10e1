export type { Command, Terminal } from './command.ts';
export { runCommand } from './run-command.ts';
