// What most runs never need: loaded with the first request of one of these kinds (docs/adr/0123-work-of-starts-and-deliveries.md).
export { endSessions } from './authorization/end-sessions.ts';
export { toDispatchApiRequest, toLambdaResult } from './dispatch-api/http.ts';
export { createJobTokens } from './dispatch-api/job-token.ts';
export { receive } from './dispatch-api/receive-request.ts';
export { checkChange, recheckFile } from './hints/check-change.ts';
export { handleHint } from './hints/handle-hint.ts';
export { sweepRepositories } from './observe/sweep.ts';
export { planQueuedRequest } from './plan/queued-request.ts';
export { repeatChecks } from './plan/repeat-checks.ts';
export { replayRun } from './plan/replay-run.ts';
export { checkDeliveries } from './redelivery/check-deliveries.ts';
export { runDueSchedules } from './schedules/run-due-schedules.ts';
