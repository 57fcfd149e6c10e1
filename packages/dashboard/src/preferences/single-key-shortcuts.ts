import { createPreference } from './stored-preference.ts';

/** Whether single keys are shortcuts. Speech input and some keyboards trigger them by accident, so they can be turned off. */
export const singleKeyShortcuts = createPreference('single-key-shortcuts', (stored) => stored !== false);
