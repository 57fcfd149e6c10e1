import { UsageError } from '../command.ts';
import * as z from 'zod';

const output = <Value extends z.ZodType>(value: Value) => z.object({ value });

/** A name of AWS. Requests and settings contain it, so it is one line of plain text. */
const name = z.string().regex(/^[\w.:/@=+-]{1,512}$/);
/** As the variable `repository` of the root: without `..` or anything else that would change the path of a request. */
const fullName = z.string().regex(/^[\w-]+\/(?!\.{1,2}$)[\w.-]+$/);

/** The outputs of infrastructure/terraform/bootstrap, as `terraform output -json` prints them. */
const Outputs = z.object({
  repository: output(fullName),
  region: output(name),
  state_bucket: output(name),
  image_registry: output(name.nullable()),
  roles: output(z.record(name, name)),
  permissions_boundaries: output(z.record(name, name)),
});

/** One prepared AWS account. */
export interface PreparedAccount {
  readonly repository: string;
  readonly region: string;
  readonly stateBucket: string;
  /** Null if the account reads the images of another one. */
  readonly imageRegistry: string | null;
  /** ARN of each role by the environment of the repository that may assume it. */
  readonly roles: Readonly<Record<string, string>>;
  readonly permissionsBoundaries: Readonly<Record<string, string>>;
}

/** Parses the file that scripts/deploy/bootstrap.sh writes. @throws UsageError if it has other content */
export function parseBootstrapOutputs(text: string, file: string): PreparedAccount {
  const parsed = Outputs.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new UsageError(`${file} does not contain the outputs of bootstrap. Run scripts/deploy/bootstrap.sh again.`);
  }
  const { data } = parsed;
  return {
    repository: data.repository.value,
    region: data.region.value,
    stateBucket: data.state_bucket.value,
    imageRegistry: data.image_registry.value,
    roles: data.roles.value,
    permissionsBoundaries: data.permissions_boundaries.value,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
