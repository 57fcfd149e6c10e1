import manifest from '../package.json' with { type: 'json' };

/** The version of the command line and of Dispatcher: every package has the same. */
export const { version } = manifest;
