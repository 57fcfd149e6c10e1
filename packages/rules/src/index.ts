export { checkNames, checkTable, type CheckName, effectOf } from './checks/checks.ts';
export { headToRead } from './checks/run-head.ts';
export { changesFile, checkFile, type CheckedFile } from './change/check-file.ts';
export { effectsOfChange, type NamedInFile, repositoriesInFiles } from './change/effects.ts';
export { compileFile, maxRules } from './compile/compile-file.ts';
export { jsonSchema } from './compile/json-schema.ts';
export { decodeFile } from './compile/decode-file.ts';
export { warningOfFileName } from './compile/warnings.ts';
export { createCompileCache } from './compile/compile-cache.ts';
export {
  type CompileCache,
  compileSnapshot,
  configPaths,
  type DispatchingFileState,
} from './compile/compile-snapshot.ts';
export type { CompiledFile, DispatchingFile, InboundRule, OutboundRule } from './compile/compiled-file.ts';
export {
  type ReplayOptions,
  decide,
  type DecideInput,
  decideRequest,
  type DecideRequestInput,
  dependsOnUnknown,
  waitForHeadMs,
} from './decide/decide.ts';
export {
  type Confirmation,
  confirmDecision,
  isNarrowed,
  type PlannedRoute,
  targetToConfirm,
  type Withdrawal,
  withdrawalNamesOf,
  withdrawalsOf,
} from './decide/confirm-decision.ts';
export { consentGraph, type ConsentGraph } from './consent/consent-graph.ts';
export { createRulesCache, type ObservedRepository, type RulesCache } from './consent/known-repositories.ts';
export { type ConfigObservation, observationKey, observeConfig } from './consent/observe-config.ts';
export type { CurrentRequester } from './decide/match-request.ts';
export { parsedBytesOf, targetsOverBudget } from './checks/parse-budget.ts';
export { isOfOtherOwner } from './checks/repository-ids.ts';
export { idsToRemember } from './decide/ids-to-remember.ts';
export { screen, screenRequest } from './decide/screen.ts';
export {
  asSeenBySource,
  checksSeenBySource,
  codesWithNames,
  refusalAsSeenBySource,
  type RefusedDispatch,
  type SourceView,
} from './decide/source-view.ts';
export { type AssumedCommit, assumedCommit } from './decide/assumed-commit.ts';
export { candidatesAmong } from './decide/candidates-among.ts';
export { neededOfCommit } from './decide/needs-to-read.ts';
export { newestRuns } from './checks/needs.ts';
export { needsCandidates, targetsOfRequest, targetsToRead } from './decide/targets-to-read.ts';
export {
  problemOfEnvironment,
  problemOfEventType,
  problemOfId,
  problemOfInputName,
  problemOfRef,
  problemOfRepository,
  problemOfWorkflow,
} from './values/fields.ts';
export { ownerPolicies, policiesToRemember, policyOf, policyOwnersOf } from './policy/apply-policy.ts';
export { compilePolicy, type CompiledPolicy, policyJsonSchema } from './policy/compile-policy.ts';
export { isAllowlisted, workflowFileName } from './values/names.ts';
export { parseGlob } from './values/pattern.ts';
export { type FileError, formatFileError, type Problem } from './values/problem.ts';
export { problemOfLength, problemOfValue } from './values/template.ts';
export { templateFields } from './values/template-fields.ts';
export { type Lines, placeOf } from './yaml/place-of-rule.ts';
export { readWorkflowFile } from './workflow-file/parse-workflow.ts';
