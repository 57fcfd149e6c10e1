// Reads `terraform show -json PLAN` and prints the changes of the plan for its reviewers: addresses and actions, but no
// values, because a value may be confidential. Arguments: the environment, and `drift` for what changed outside Terraform.
interface ResourceChange {
  readonly address: string;
  readonly change: { readonly actions: readonly string[] };
}

interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
}

const plan = JSON.parse(Buffer.concat(await process.stdin.toArray()).toString()) as Plan;
const [environment = '', kind] = process.argv.slice(2);
const isDrift = kind === 'drift';
const changes = ((isDrift ? plan.resource_drift : plan.resource_changes) ?? [])
  .map(({ address, change }) => ({ address, action: change.actions.join(' then ') }))
  .filter(({ action }) => action !== 'no-op' && action !== 'read');

console.log(
  `### ${isDrift ? 'Drift' : 'Plan'} of ${environment}: ${changes.length === 0 ? 'no changes' : `${changes.length} changes`}\n`,
);
if (changes.length > 0) {
  console.log('| action | address |\n| --- | --- |');
  for (const { address, action } of changes) console.log(`| ${action} | \`${address}\` |`);
}
