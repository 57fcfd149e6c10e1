/** The dictionary that new facts are deflated with: from 0 to 255, because its number is stored in one byte. */
export const newestDictionary = 1;

/**
 * Texts that facts have in common, the most frequent ones last; what occurs in a later text is left out of an earlier one.
 * Facts are stored as long as their retention, and each names the dictionary that it was deflated with: never change one.
 * To adapt to new fields or messages, add another under the next number. A test decodes a fact of each.
 */
export const factDictionaries: Readonly<Record<number, string>> = {
  1: [
    'deliveries.checkcheckedUntil":"2026-","lagMs":0,"complete":true,"scanned":0,"failed":0,"redelivered":[],"planned":0,"ignored":0,"givenUp":0',
    'key.changcreated","keyIdrole":"dispatch","targets":[""]',
    'pause.changpaused',
    'bulk-replay.changbulkReplaystartedmodeselectionnull,"outcom","code":null,"since":"2026-","until":"2026-"},"selected":0,"requested":0',
    'dead-letter.acted',
    'deadLetterId":"","":"","deadLetterReason":"action":"redrivesult":"redriven',
    'message.dead-letterqueue":"decisions","messageIdattempts-exhausted","detail":"","attempts":6',
    'operator.actactionId":"","action":"re-evaluate","operator":"","reason":"","routeId":null,"result":"published","revision":1',
    'delivery.ignorreason":"not-a-workflow-filepath of the run is `dynamic/`: a workflow that GitHub manages, for example for Pages, Dependabot or code scanning. Runs of managed workflows start nothing, because no rule can name them.","path":"dynamic/""","runevent":"dynamic',
    'delivery.repeatfirstD',
    'delayrevision":0,"message":"GitHub did not respond in time."""nextTryAt":"2026-","giveUpAt":"2026-',
    'plan.reportrevision":0invali"","number',
    'event""","eventType":"deploy',
    'dispatch.requesrequestId":"","key":{"idtargets":[""]},"request":{"kind":"workflow""",","',
    'config-invalidinvaliThe source’sml has errors: {actual}lines that the. To check the file before a push, run `dispatcher validateml`source"-valid0',
    'config-unreadable","code":"config-unreadable’sml could not be readCheck GitHub’s status and the App’s permissions, then replay the run: `dispatcher replay RUN --re-evaluate`operator0',
    'source-refused","code":"fork-run belongs to {actual}, not to the repository itself.","fix":"Runs of forks never dispatch, because the fork’s author controls the branch name and the code{"side":"run","name":"own-repository0',
    'oute.decidtarget-not-visibledoes not exist, or the App is not installed on it.","fix":"Check the name, and ask the target’s owners to install the Appsource"target-visib,"},"targetref":null,"inputs":{}',
    'oute.decidtarget-Addml with antarget"target,"},"targettargetId":1',
    'oute.decidbound-inbound rule in the allows {source} to start itanfor this source: name its repository and workflow, or the API keytarget},"targettargettargetId":1',
    'oute.decidbound-bran{accept runs onnamAdd the branchbranches, or the tag to its tagstarget},"targettargettargetId":1',
    'oute.decidbound-refaccept the ref {actual}; its inbound rule acceptAdd the ref to the inbound rule’s refs, or remove the outbound reftarget},"targettargettargetId":1',
    'oute.decidworkflow-missin{exist on theAdd the workflow file, or correct its name in the rulestarget},"targettargettargetId":1',
    'oute.decidworkflow-trigger-missin trigger; its triggers are: {actual}.","fix":"Add `:` under `on:`’s workflowtarget},"targettargettargetId":1',
    'oute.decidref-missinrepository of {target} has no branch or tag {actual}.ref, or create it in the targetsource},"targettargettargetId":1',
    'oute.deciddeny","code":"input-undeclartarget} does not declare {actual}; it declares {expected}.","fix":"Declare the input under workflow_dispatch, or remove it from thesource},"target,"closest":{"rule":"in,"checks":[{"side":"target","name":"inbound-branch{"side":"target","name":"inbound-eventtargettargetId":1',
    'dispatch.fail},"targetcode":"dispatch-rejectNo ref found for: main","fix":"Correct the problem that GitHub’s message namestarget","status":422,"revision":1',
    'issue.report},"targetcode":"allowskipped""","number":null,"htmlUrl":null',
    'issue.report},"targetcode":"target-refused","action":"opened""","number',
    'll_requestfailurenullno-match","code":"no-match","message":"No matches this run of {source}.","fix":"Compare the failed checks of the closest rule with the ru{","checks":[workflow","actual":""},branch","actual":""},event","actual":""},conclusion","actual":""}]}],"allowed":0',
    'll_requestfailurenullno-config","code":"no-config","message":"The source of {source} has {actual} on its default branch.","fix":"To start workflows from runs of this repository, add a  with an outbound rule. Rename a dispatching.yaml: only the extension .yml is read{"side":"source","name":"source-file","satisfied":false,"expected":","actual":"no ]0',
    'dispatch.complet},"targetdurationMs":60000,"accepourceRuntargetRunjobs":1,"code":"run-not-started',
    'dispatch.accept},"targetref":"main","workflowRunlatencyMs":2000,"revision":1',
    'oute.decidrevision":0,"index,"decision":{"effect":"allow","code":"allowtarget} is started: both sides allow it.","fix":"Nothing to dorouteId":"","route":{"sourc},"targetworkflow":"deploy.yml"}},"dispatchId":"","rule":"outbound[0].targets[0]"targettargetId":1visibility":"private"},"ref":"main","inputs":{"sha":"","environment":"production","version":""}',
    '{"version":1,"id":"","time":"2026-","correlationId":"","type":"run.planned","runKey":"","data":{"trigger":{"type":"run.completed","version":1,"deliveryId":"","receivedAt":"2026-","installationId":1,"repository":{"id":1,"owner":"","name":"","defaultBranch":"main"},"workflow":"ci.yml","run":{"id":1,"number":1,"attempt":1,"event":"push","conclusion":"success","headBranch":"main","headSha":"","headRepositoryId":1,"htmlUrl":"https://github.com/","createdAt":"2026-","startedAt":"2026-","updatedAt":"2026-","actor":""}},"revision":0,"outcome":"planned","code":"planned","message":"{source}: {allowed} of {matched} matched routes are allowed.","fix":"See the decisions of the plan.","responsible":"nobody","checks":[],"sourceFile":{"repository":"","sha":"","path":".github/dispatching.yml"},"unmatched":[],"allowed":1,"denied":0,"lineage":{"depth":0,"path":[]}}}',
  ].join('\n'),
};
