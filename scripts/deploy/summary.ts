// Reads `terraform show -json PLAN` and prints the changes of the plan for its reviewers: addresses and actions, but no
// values, because a value may be confidential. Argument: the environment.
interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

const plan = JSON.parse(Buffer.concat(await process.stdin.toArray()).toString()) as Plan;
const changes = (plan.resource_changes ?? [])
  .map(({ address, change }) => ({ address, action: change.actions.join(' then ') }))
  .filter(({ action }) => action !== 'no-op' && action !== 'read');

console.log(
  `### Plan of ${process.argv[2] ?? ''}: ${changes.length === 0 ? 'no changes' : `${changes.length} changes`}\n`,
);
if (changes.length > 0) {
  console.log('| action | address |\n| --- | --- |');
  for (const { address, action } of changes) console.log(`| ${action} | \`${address}\` |`);
}
