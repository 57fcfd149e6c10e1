import * as z from 'zod/mini';

/**
 * A time as ISO 8601 in UTC. One schema for all fields: each further one would build its regular expressions at every start,
 * and a bundle could not leave out the schemas around it, because a call of a member of `z.iso` may have side effects.
 */
export const DateTime = z.iso.datetime();
