import type { FactReads, FileReads, ListReads, PlanReads, ProjectionReads } from '@dispatcher/store';

/** The reads behind the GET routes. Each is one `GetItem` or one `Query` page, and no route calls two of them. */
export type ApiReads = FactReads & FileReads & ListReads & PlanReads & ProjectionReads;
