export { checkNames, checkTable, type CheckName, effectOf } from './checks/checks.ts';
export { compileFile, maxRules } from './compile/compile-file.ts';
export { type CompileCache, compileSnapshot, type SourceFileState } from './compile/compile-snapshot.ts';
export type { CompiledFile, DispatchingFile, InboundRule, OutboundRule } from './compile/compiled-file.ts';
export {
  type Again,
  decide,
  type DecideInput,
  decideRequest,
  type DecideRequestInput,
  restsOnUnknown,
} from './decide/decide.ts';
export type { KeyNow } from './decide/match-request.ts';
export { parsedBytesOf, targetsOverBudget } from './checks/parse-budget.ts';
export { screen, screenRequest } from './decide/screen.ts';
export { asSeenBySource, type SourceView } from './decide/source-view.ts';
export { targetsOfRequest, targetsToRead } from './decide/targets-to-read.ts';
export {
  problemOfEventType,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfWorkflow,
} from './values/fields.ts';
export { allowlisted, bareWorkflow } from './values/names.ts';
export { parseGlob } from './values/pattern.ts';
export { type FileError, formatFileError, type Problem } from './values/problem.ts';
export { problemOfValue, templateFields } from './values/template.ts';
export { readWorkflowFile } from './workflow-file/parse-workflow.ts';
