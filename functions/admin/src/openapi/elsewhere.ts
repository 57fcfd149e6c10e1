import type { DescribedRoute } from './routes.ts';

/** Routes of the same address that another function serves: described here, proved there. Their schemas stand in contracts. */
export const servedElsewhere: readonly DescribedRoute[] = [];
