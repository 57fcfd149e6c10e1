import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.ts';

/** What is running: version and authentication. Needs no authentication. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => read(api.GET('/health', { signal })),
    staleTime: 5 * 60_000,
    // A page may stay open for days, and is then older than what runs.
    refetchInterval: 5 * 60_000,
  });

/** Who uses the page, and with which role. */
export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => read(api.GET('/api/me', { signal })),
    staleTime: 5 * 60_000,
  });

/** Whether the page offers what only operators may do. The API refuses it to others in any case. */
export const useIsOperator = (): boolean => useMe().data?.role === 'operator';

/** Whether the person sees every repository. The API leaves out the others in any case. */
export const useSeesAll = (): boolean => useMe().data?.visibility !== 'github';

/** Returns the address of the sign-in, which leads back to a page of the dashboard. */
export const signInAddress = (path: string): string => `/auth/sign-in?return=${encodeURIComponent(path)}`;

/** Ends the session, and leads to the sign-in. */
export async function signOut(): Promise<void> {
  await fetch('/auth/sign-out', { method: 'POST', headers: { 'x-requested-with': 'dashboard' } });
  window.location.assign(signInAddress('/'));
}
