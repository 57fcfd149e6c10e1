import type { FactReads, ProjectionReads } from '@dispatcher/store';

/** What the resources read. Each of these is one `GetItem` or one `Query` page, and no route calls two of them. */
export type ApiReads = FactReads & ProjectionReads;
