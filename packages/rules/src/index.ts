export { checkNames, checkTable, type CheckName, effectOf } from './checks.ts';
export { compileFile, maxRules } from './compile.ts';
export {
  type Again,
  decide,
  type DecideInput,
  decideRequest,
  type DecideRequestInput,
  restsOnUnknown,
  targetsOfRequest,
  targetsToRead,
} from './decide.ts';
export {
  problemOfEventType,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfWorkflow,
} from './fields.ts';
export type { CompiledFile, DispatchingFile, InboundRule, OutboundRule } from './file.ts';
export { allowlisted, bareWorkflow } from './names.ts';
export { parseGlob } from './pattern.ts';
export { type FileError, formatFileError, type Problem } from './problem.ts';
export { type CompileCache, compileReading, type SourceFileState } from './reading.ts';
export { type KeyNow, screenRequest } from './request.ts';
export { screen } from './screen.ts';
export { asSeenBySource, type SourceView } from './source-view.ts';
export { problemOfValue, templateFields } from './template.ts';
