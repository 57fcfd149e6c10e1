import { randomBytes } from 'node:crypto';

/** The token of the emulator's control API: random and new for each start, so that no other user of this machine has it. */
export const emulatorToken = randomBytes(20).toString('hex');
