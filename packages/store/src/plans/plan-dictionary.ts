/**
 * What the texts of most plans contain: a plan that allows, and where others differ. Plans are deflated with it, so that a
 * small one costs one write unit. It must never change, because stored plans need it: for better compression, add another
 * one with the next number.
 */
export const planDictionary1 = `

"outcome":"no-config","code":"no-config","message":"The source of octo/app:ci.yml has no dispatching.yml on its default branch.",
"fix":"To start workflows from runs of this repository, add a dispatching.yml with an outbound rule. Rename a dispatching.yaml: only the extension .yml is read.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-present","satisfied":false,"expected":"dispatching.yml","actual":"no dispatching.yml"}],"unmatched":[],
"decisions":[],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}
"outcome":"no-match","code":"no-match","message":"No outbound rule matches this run of octo/app:ci.yml.",
"fix":"Compare the failed checks of the closest rule with the run.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"}],"sourceFile":{"repository":"octo/app","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"unmatched":[{"rule":"outbound[0]","checks":[
{"side":"source","name":"source-branch","satisfied":false,"expected":"release/**","actual":"main"}]}],
"decisions":[],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}
"outcome":"planned","code":"planned","message":"octo/app:ci.yml: 0 of 1 matched routes are allowed.",
"fix":"See the decisions of the plan.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"}],"sourceFile":{"repository":"octo/app","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"unmatched":[],
"decisions":[{
"effect":"deny","code":"inbound-branch","message":"octo/deploy:cd.yml does not accept runs on main; its inbound rule names release/**.",
"fix":"Add the branch to the inbound rule’s branches, or the tag to its tags.","responsible":"target","checks":[
{"side":"target","name":"inbound-branch","satisfied":false,"expected":"release/**","actual":"main"},
{"side":"target","name":"inbound-inputs","satisfied":true,"expected":"sha","actual":"sha"}],
"routeId":"00b9364801353982","route":{"source":{"repository":"octo/app","workflow":"ci.yml"},
"target":{"repository":"octo/deploy","workflow":"cd.yml"}},"dispatchId":"b0d99c547b678401c48d1b623073b853","rule":"outbound[0].targets[0]",
"target":{"repositoryId":2,"installationId":7,"visibility":"private"},"targetFile":{"repository":"octo/deploy","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"closest":{"rule":"inbound[0].targets[0]","checks":[
{"side":"target","name":"inbound-branch","satisfied":false,"expected":"release/**","actual":"main"}]},"sourceFile":{"repository":"octo/app","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"ref":"main","inputs":{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}{"plan":{"version":1,"runKey":"1-101-1","revision":0,
"trigger":{"type":"run.completed","version":1,"deliveryId":"delivery-1","receivedAt":"2026-01-31T12:00:00.000Z","installationId":7,"workflow":"ci.yml","repository":{"id":1,"owner":"octo","name":"app","defaultBranch":"main"},
"run":{"id":101,"number":12,"attempt":1,"event":"push","conclusion":"success","headBranch":"main","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","headRepositoryId":1,"htmlUrl":"https://github.com/octo/app/actions/runs/101","startedAt":"2026-01-31T11:58:00.000Z","updatedAt":"2026-01-31T11:59:00.000Z","actor":"octocat"}},
"outcome":"planned","code":"planned","message":"octo/app:ci.yml: 1 of 1 matched routes are allowed.",
"fix":"See the decisions of the plan.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"}],"sourceFile":{"repository":"octo/app","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"unmatched":[],
"decisions":[{
"effect":"allow","code":"allowed","message":"octo/deploy:cd.yml is started: both sides allow it.",
"fix":"Nothing to do.","responsible":"nobody","checks":[
{"side":"run","name":"own-repository","satisfied":true,"expected":"a run of repository 1","actual":"repository 1"},
{"side":"run","name":"run-age","satisfied":true,"expected":"at most 30 days","actual":"0 days"},
{"side":"run","name":"run-time","satisfied":true,"expected":"at most 1 hour after 2026-01-31T12:00:00.000Z","actual":"2026-01-31T11:59:00.000Z"},
{"side":"operator","name":"source-allowlist","satisfied":true,"expected":"a repository in SOURCE_REPO_ALLOWLIST","actual":"octo/app"},
{"side":"operator","name":"source-workflow-allowlist","satisfied":true,"expected":"a workflow in SOURCE_WORKFLOW_ALLOWLIST","actual":"ci.yml"},
{"side":"operator","name":"not-paused","satisfied":true,"expected":"dispatching is not paused","actual":"not paused"},
{"side":"source","name":"source-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"source","name":"source-visible","satisfied":true,"expected":"visible to the App","actual":"visible"},
{"side":"source","name":"source-identity","satisfied":true,"expected":"repository 1","actual":"repository 1"},
{"side":"source","name":"source-default-branch","satisfied":true,"expected":"a default branch","actual":"main"},
{"side":"source","name":"source-file-readable","satisfied":true,"expected":"a readable file","actual":"readable"},
{"side":"source","name":"source-file-present","satisfied":true,"expected":"dispatching.yml","actual":"present"},
{"side":"source","name":"source-file-single","satisfied":true,"expected":"one file","actual":"one"},
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"},
{"side":"source","name":"source-workflow","satisfied":true,"expected":"ci.yml","actual":"ci.yml"},
{"side":"source","name":"source-branch","satisfied":true,"expected":"main","actual":"main"},
{"side":"source","name":"source-event","satisfied":true,"expected":"push","actual":"push"},
{"side":"source","name":"source-conclusion","satisfied":true,"expected":"success","actual":"success"},
{"side":"source","name":"source-ref-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"source","name":"source-ref-type","satisfied":true,"expected":"a branch","actual":"a branch"},
{"side":"source","name":"source-ref","satisfied":true,"expected":"the branch main","actual":"the branch main"},
{"side":"source","name":"source-commit","satisfied":true,"expected":"the branch main with commit aaaaaaaaaaaa","actual":"the branch main with that commit"},
{"side":"source","name":"enabled","satisfied":true,"expected":"enabled: true","actual":"enabled: true"},
{"side":"source","name":"distinct-route","satisfied":true,"expected":"the first target with this route","actual":"the first"},
{"side":"source","name":"not-self","satisfied":true,"expected":"a workflow other than the source","actual":"octo/deploy:cd.yml"},
{"side":"operator","name":"target-allowlist","satisfied":true,"expected":"a repository in TARGET_REPO_ALLOWLIST","actual":"octo/deploy"},
{"side":"operator","name":"lineage-known","satisfied":true,"expected":"a recorded lineage","actual":"not started by a dispatch"},
{"side":"operator","name":"depth","satisfied":true,"expected":"at most 5 dispatches in a row","actual":"dispatch 1"},
{"side":"source","name":"input-values","satisfied":true,"expected":"valid values","actual":"valid"},
{"side":"operator","name":"target-limit","satisfied":true,"expected":"at most 25 targets","actual":"target 1"},
{"side":"target","name":"target-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"target","name":"target-visible","satisfied":true,"expected":"octo/deploy, visible to the App","actual":"visible"},
{"side":"target","name":"target-active","satisfied":true,"expected":"active","actual":"active"},
{"side":"target","name":"target-default-branch","satisfied":true,"expected":"a default branch","actual":"main"},
{"side":"target","name":"target-file-readable","satisfied":true,"expected":"a readable file","actual":"readable"},
{"side":"target","name":"target-file-present","satisfied":true,"expected":"dispatching.yml","actual":"present"},
{"side":"target","name":"target-file-single","satisfied":true,"expected":"one file","actual":"one"},
{"side":"target","name":"target-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"},
{"side":"target","name":"inbound-repository","satisfied":true,"expected":"octo/app","actual":"octo/app"},
{"side":"target","name":"inbound-workflow","satisfied":true,"expected":"ci.yml","actual":"ci.yml"},
{"side":"target","name":"inbound-target","satisfied":true,"expected":"cd.yml","actual":"cd.yml"},
{"side":"target","name":"inbound-branch","satisfied":true,"expected":"main","actual":"main"},
{"side":"target","name":"inbound-event","satisfied":true,"expected":"push","actual":"push"},
{"side":"target","name":"inbound-conclusion","satisfied":true,"expected":"success","actual":"success"},
{"side":"target","name":"inbound-source-ref","satisfied":true,"expected":"a branch","actual":"the branch main"},
{"side":"target","name":"inbound-ref","satisfied":true,"expected":"main (the default branch), main","actual":"main"},
{"side":"target","name":"inbound-inputs","satisfied":true,"expected":"sha","actual":"no inputs"}],
"routeId":"00b9364801353982","route":{"source":{"repository":"octo/app","workflow":"ci.yml"},
"target":{"repository":"octo/deploy","workflow":"cd.yml"}},"dispatchId":"2d04338cbaf33ca4b13459cfcc5bd754","rule":"outbound[0].targets[0]",
"target":{"repositoryId":2,"installationId":7,"visibility":"private"},"targetFile":{"repository":"octo/deploy","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"sourceFile":{"repository":"octo/app","sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","path":"dispatching.yml"},"ref":"main","inputs":{}}],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}
`.replaceAll('\n', '');

/**
 * Replaces the first one for new plans: it has every check of a decision, the messages of frequent denials, and the files of a
 * plan. A plan of two decisions is one write unit with it.
 */
export const planDictionary2 = `
"outcome":"no-config","code":"no-config","message":"The source of octo/app:ci.yml has no dispatching.yml on its default branch.",
"fix":"To start workflows from runs of this repository, add a dispatching.yml with an outbound rule. Rename a dispatching.yaml: only the extension .yml is read.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-present","satisfied":false,"expected":"dispatching.yml","actual":"no dispatching.yml"}],"unmatched":[],
"decisions":[],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}
"outcome":"no-match","code":"no-match","message":"No outbound rule matches this run of octo/app:ci.yml.",
"fix":"Compare the failed checks of the closest rule with the run.","responsible":"nobody","checks":[
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"}],
"sourceFile":{"repository":"octo/app","sha":"","path":"dispatching.yml"},"unmatched":[{"rule":"outbound[0]","checks":[
{"side":"source","name":"source-branch","satisfied":false,"expected":"release/**","actual":"main"}]}],
"decisions":[],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},"plannedAt":"2026-01-31T12:00:00.000Z"}
"code":"config-invalid","message":"The source’s dispatching.yml has errors: ",
"fix":"Correct the lines that the message names. To check the file before a push, run \`dispatcher validate dispatching.yml\`.","responsible":"source","checks":[
"code":"config-unreadable","message":"The source’s dispatching.yml could not be read: .",
"fix":"Check GitHub’s status and the App’s permissions, then replay the run: \`dispatcher replay RUN --re-evaluate\`.","responsible":"operator","checks":[
"code":"paused","message":"The operator has paused dispatching.",
"fix":"Unset DISPATCH_PAUSED, then replay the run: \`dispatcher replay RUN --re-evaluate\`.","responsible":"operator","checks":[
"code":"fork-run","message":"The run of octo/app:ci.yml belongs to , not to the repository itself.",
"fix":"Runs of forks never dispatch, because the fork’s author controls the branch name and the code.","responsible":"nobody","checks":[
"code":"duplicate-route","message":"The plan already contains the route to octo/deploy:cd.yml: .",
"fix":"Remove the second target, or give each of them an \`id\`.","responsible":"source","checks":[
"code":"target-not-visible","message":"The repository of octo/deploy:cd.yml does not exist, or the App is not installed on it.",
"fix":"Check the name, and ask the target’s owners to install the App.","responsible":"source","checks":[
"code":"target-no-config","message":"The repository of octo/deploy:cd.yml has  on its default branch.",
"fix":"Add a dispatching.yml with an inbound rule for this source. Rename a dispatching.yaml: only the extension .yml is read.","responsible":"target","checks":[
"code":"inbound-branch","message":"octo/deploy:cd.yml does not accept runs on ; its inbound rule names .",
"fix":"Add the branch to the inbound rule’s branches, or the tag to its tags.","responsible":"target","checks":[
"code":"inbound-event","message":"octo/deploy:cd.yml does not accept runs triggered by ; its inbound rule names .",
"fix":"Add the event to the inbound rule’s events.","responsible":"target","checks":[
"code":"inbound-conclusion","message":"octo/deploy:cd.yml does not accept runs that concluded with ; its inbound rule names .",
"fix":"Add the conclusion to the inbound rule’s conclusions.","responsible":"target","checks":[
"code":"inbound-ref","message":"octo/deploy:cd.yml does not accept the ref ; its inbound rule accepts .",
"fix":"Add the ref to the inbound rule’s refs, or remove the outbound ref.","responsible":"target","checks":[
"code":"workflow-missing","message":"octo/deploy:cd.yml does not exist on the default branch.",
"fix":"Add the workflow file, or correct its name in the rules.","responsible":"target","checks":[
"code":"workflow-trigger-missing","message":"octo/deploy:cd.yml has no workflow_dispatch trigger; its triggers are: .",
"fix":"Add \`workflow_dispatch:\` under \`on:\` in the target’s workflow.","responsible":"target","checks":[
"code":"ref-missing","message":"The repository of octo/deploy:cd.yml has no branch or tag .",
"fix":"Correct the ref, or create it in the target.","responsible":"source","checks":[
"code":"input-undeclared","message":"octo/deploy:cd.yml does not declare ; it declares .",
"fix":"Declare the input under workflow_dispatch, or remove it from the outbound rule.","responsible":"source","checks":[
"effect":"deny","code":"inbound-no-match","message":"No inbound rule in the repository of octo/deploy:cd.yml allows octo/app:ci.yml to start it.",
"fix":"Add an inbound rule for this source: name its repository and workflow, or the API key.","responsible":"target",
{"side":"target","name":"inbound-repository","satisfied":false,"expected":"octo/site","actual":"octo/app"},
{"side":"target","name":"inbound-workflow","satisfied":true,"expected":"ci.yml","actual":"ci.yml"},
{"side":"target","name":"inbound-target","satisfied":true,"expected":"cd.yml","actual":"cd.yml"},
{"side":"target","name":"workflow-present","satisfied":true,"expected":"cd.yml","actual":"cd.yml"},
{"side":"target","name":"workflow-valid","satisfied":true,"expected":"a YAML map","actual":"valid"},
{"side":"target","name":"workflow-trigger","satisfied":true,"expected":"workflow_dispatch","actual":"workflow_dispatch"},
{"side":"target","name":"inputs-declared","satisfied":true,"expected":"environment, sha","actual":"environment, sha"},
{"side":"target","name":"inputs-required","satisfied":true,"expected":"no inputs","actual":"environment, sha"},
{"side":"target","name":"inputs-typed","satisfied":true,"expected":"values of the declared types","actual":"values of the declared types"}],
"routeId":","route":{"source":{"repository":"octo/app","workflow":"ci.yml"},"target":{"repository":"octo/deploy","workflow":"cd.yml"},"id":"deploy"},"dispatchId":","rule":"outbound[0].targets[0]","target":{"repositoryId":2,"installationId":7,"visibility":"private"},
"targetFile":{"repository":"octo/deploy","sha":"","path":"dispatching.yml"},"closest":{"rule":"inbound[0].targets[0]","checks":[
{"side":"target","name":"inbound-repository","satisfied":false,"expected":"octo/site","actual":"octo/app"}]},
"sourceFile":{"repository":"octo/app","sha":"","path":"dispatching.yml"},"ref":"main","inputs":{"environment":"production","sha":""}}],
{"plannedAt":"2026-01-01T12:00:00.000Z","plan":{"version":1,"runKey":"1-101-1","revision":0,"trigger":{"type":"run.completed","version":1,"deliveryId":","receivedAt":"2026-01-01T12:00:00.000Z","installationId":7,"repository":{"id":1,"owner":"octo","name":"app","defaultBranch":"main"},"workflow":"ci.yml",
"run":{"id":101,"number":1,"attempt":1,"event":"push","conclusion":"success","headBranch":"main","headSha":"","headRepositoryId":1,"htmlUrl":"https://github.com/octo/app/actions/runs/101","createdAt":"2026-01-01T12:00:00.000Z","startedAt":"2026-01-01T12:00:00.000Z","updatedAt":"2026-01-01T12:00:00.000Z","actor":"octocat"}},
"outcome":"planned","code":"planned","message":"octo/app:ci.yml: 1 of 1 matched routes are allowed.",
"fix":"See the decisions of the plan.","responsible":"nobody","checks":[],
"sourceFile":{"repository":"octo/app","sha":"","path":"dispatching.yml"},"unmatched":[],
"decisions":[{"effect":"allow","code":"allowed","message":"octo/deploy:cd.yml is started: both sides allow it.",
"fix":"Nothing to do.","responsible":"nobody","checks":[
{"side":"run","name":"own-repository","satisfied":true,"expected":"a run of repository 1","actual":"repository 1"},
{"side":"run","name":"run-age","satisfied":true,"expected":"at most 30 days","actual":"0 days"},
{"side":"run","name":"run-time","satisfied":true,"expected":"at most 1 hour after 2026-01-01T12:00:00.000Z","actual":"2026-01-01T12:00:00.000Z"},
{"side":"operator","name":"source-allowlist","satisfied":true,"expected":"a repository in SOURCE_REPO_ALLOWLIST","actual":"octo/app"},
{"side":"operator","name":"source-workflow-allowlist","satisfied":true,"expected":"a workflow in SOURCE_WORKFLOW_ALLOWLIST","actual":"ci.yml"},
{"side":"operator","name":"not-paused","satisfied":true,"expected":"dispatching is not paused","actual":"not paused"},
{"side":"source","name":"source-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"source","name":"source-visible","satisfied":true,"expected":"visible to the App","actual":"visible"},
{"side":"source","name":"source-identity","satisfied":true,"expected":"repository 1","actual":"repository 1"},
{"side":"source","name":"source-default-branch","satisfied":true,"expected":"a default branch","actual":"main"},
{"side":"source","name":"source-file-readable","satisfied":true,"expected":"a readable file","actual":"readable"},
{"side":"source","name":"source-file-present","satisfied":true,"expected":"dispatching.yml","actual":"present"},
{"side":"source","name":"source-file-single","satisfied":true,"expected":"one file","actual":"one"},
{"side":"source","name":"source-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"},
{"side":"source","name":"source-workflow","satisfied":true,"expected":"ci.yml","actual":"ci.yml"},
{"side":"source","name":"source-branch","satisfied":true,"expected":"main (the default branch)","actual":"main"},
{"side":"source","name":"source-event","satisfied":true,"expected":"push, schedule, workflow_dispatch, repository_dispatch, release","actual":"push"},
{"side":"source","name":"source-conclusion","satisfied":true,"expected":"success","actual":"success"},
{"side":"source","name":"source-ref-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"source","name":"source-ref-type","satisfied":true,"expected":"a branch","actual":"a branch"},
{"side":"source","name":"source-ref","satisfied":true,"expected":"the branch main","actual":"the branch main"},
{"side":"source","name":"source-commit","satisfied":true,"expected":"the branch main with commit ","actual":"the branch main with that commit"},
{"side":"source","name":"enabled","satisfied":true,"expected":"enabled: true","actual":"enabled: true"},
{"side":"source","name":"distinct-route","satisfied":true,"expected":"the first target with this route","actual":"the first"},
{"side":"source","name":"not-self","satisfied":true,"expected":"a workflow other than the source","actual":"octo/deploy:cd.yml"},
{"side":"operator","name":"target-allowlist","satisfied":true,"expected":"a repository in TARGET_REPO_ALLOWLIST","actual":"octo/deploy"},
{"side":"operator","name":"lineage-known","satisfied":true,"expected":"a recorded lineage","actual":"not started by a dispatch"},
{"side":"operator","name":"depth","satisfied":true,"expected":"at most 5 dispatches in a row","actual":"dispatch 1"},
{"side":"source","name":"input-values","satisfied":true,"expected":"valid values","actual":"valid"},
{"side":"operator","name":"target-limit","satisfied":true,"expected":"at most 100 targets","actual":"target 1"},
{"side":"target","name":"target-readable","satisfied":true,"expected":"a response from GitHub","actual":"a response"},
{"side":"target","name":"target-visible","satisfied":true,"expected":"octo/deploy, visible to the App","actual":"visible"},
{"side":"target","name":"target-active","satisfied":true,"expected":"active","actual":"active"},
{"side":"target","name":"target-default-branch","satisfied":true,"expected":"a default branch","actual":"main"},
{"side":"target","name":"target-file-readable","satisfied":true,"expected":"a readable file","actual":"readable"},
{"side":"target","name":"target-file-present","satisfied":true,"expected":"dispatching.yml","actual":"present"},
{"side":"target","name":"target-file-single","satisfied":true,"expected":"one file","actual":"one"},
{"side":"target","name":"target-file-valid","satisfied":true,"expected":"a valid file","actual":"valid"},
{"side":"target","name":"inbound-repository","satisfied":true,"expected":"octo/app","actual":"octo/app"},
{"side":"target","name":"inbound-workflow","satisfied":true,"expected":"ci.yml","actual":"ci.yml"},
{"side":"target","name":"inbound-target","satisfied":true,"expected":"cd.yml","actual":"cd.yml"},
{"side":"target","name":"inbound-branch","satisfied":true,"expected":"main (the default branch)","actual":"main"},
{"side":"target","name":"inbound-event","satisfied":true,"expected":"push, schedule, workflow_dispatch, repository_dispatch, release","actual":"push"},
{"side":"target","name":"inbound-conclusion","satisfied":true,"expected":"success","actual":"success"},
{"side":"target","name":"inbound-source-ref","satisfied":true,"expected":"a branch","actual":"the branch main"},
{"side":"target","name":"inbound-ref","satisfied":true,"expected":"main (the default branch), main, release","actual":"main"},
{"side":"target","name":"inbound-inputs","satisfied":true,"expected":"environment; sha","actual":"environment; sha"},
{"side":"target","name":"workflow-present","satisfied":true,"expected":"cd.yml","actual":"cd.yml"},
{"side":"target","name":"workflow-valid","satisfied":true,"expected":"a YAML map","actual":"valid"},
{"side":"target","name":"workflow-trigger","satisfied":true,"expected":"workflow_dispatch","actual":"workflow_dispatch"},
{"side":"target","name":"inputs-declared","satisfied":true,"expected":"environment, sha","actual":"environment, sha"},
{"side":"target","name":"inputs-required","satisfied":true,"expected":"no inputs","actual":"environment, sha"},
{"side":"target","name":"inputs-typed","satisfied":true,"expected":"values of the declared types","actual":"values of the declared types"}],
"routeId":","route":{"source":{"repository":"octo/app","workflow":"ci.yml"},"target":{"repository":"octo/deploy","workflow":"cd.yml"},"id":"deploy"},"dispatchId":","rule":"outbound[0].targets[0]","target":{"repositoryId":2,"installationId":7,"visibility":"private"},
"targetFile":{"repository":"octo/deploy","sha":"","path":"dispatching.yml"},
"sourceFile":{"repository":"octo/app","sha":"","path":"dispatching.yml"},"ref":"main","inputs":{"environment":"production","sha":""}}],"lineage":{"depth":0,"path":[{"repository":"octo/app","workflow":"ci.yml"}]}},
"files":[{"repository":"octo/app","sha":"","path":"dispatching.yml","blobId":""},{"repository":"octo/deploy","sha":"","path":"dispatching.yml","blobId":""}]}
`.replaceAll('\n', '');
