import type { WorkflowInput } from './parse-workflow.ts';

/**
 * Returns null if the input accepts the value, else a description of what it accepts. GitHub checks the same when the
 * workflow is started.
 */
export function expectedInsteadOf(value: string, input: WorkflowInput): string | null {
  switch (input.type) {
    case 'boolean':
      return value === 'true' || value === 'false' ? null : 'true or false';
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? null : 'a number';
    case 'choice':
      return input.options.includes(value) ? null : `one of ${input.options.join(', ')}`;
    case 'environment':
      return value !== '' && value.length <= 255 ? null : 'the name of an environment';
    default:
      return null;
  }
}
