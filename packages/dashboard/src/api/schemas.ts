import type { components } from './schema.ts';

/** The schemas of the API by name: `Schemas['RouteRow']`. Types only. */
export type Schemas = components['schemas'];
