import { Banner } from '@primer/react';
import type { Schemas } from '../api/client.ts';
import { accountsWithoutPolicy } from '../words/app-access.ts';

/** Says whose policy could not be read; nothing if there is none. */
export function UnreadPolicies({ sweeps }: { readonly sweeps: readonly Schemas['SweepProgress'][] }) {
  const accounts = accountsWithoutPolicy(sweeps);
  if (accounts.length === 0) return null;
  return (
    <Banner
      variant="warning"
      title={`The policy of ${accounts.join(', ')} cannot be read`}
      description="The App is installed on selected repositories, and .github is not one of them. If the owner has a dispatching-policy.yml, add .github to the installation at GitHub."
    />
  );
}
