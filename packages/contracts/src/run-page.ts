/**
 * Returns the address of a run's page in the dashboard.
 * @param publicUrl where browsers reach Dispatcher (`PUBLIC_URL`); null: not known, and so is the page
 */
export function runPageOf(publicUrl: string, runKey: string): string;
export function runPageOf(publicUrl: string | null, runKey: string): string | null;
export function runPageOf(publicUrl: string | null, runKey: string): string | null {
  return publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}/runs/${encodeURIComponent(runKey)}`;
}
