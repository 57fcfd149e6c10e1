import * as z from 'zod/mini';
import { Code } from './codes.ts';
import { ConfigProblem, ConfigState } from './facts.ts';
import { DateTime } from './date-time.ts';

/** A repository as a rule names it, and which one has the name. */
export const NamedRepository = z.object({
  /** `owner/name` as GitHub spells it if the repository is known, else as the rule names it; a pattern such as `octo-org/*`. */
  repository: z.string(),
  /** Null for a pattern, and for a name that belongs to no repository that the App can see. */
  repositoryId: z.nullable(z.int()),
  /** Null if the repository is not known. */
  visibility: z.nullable(z.enum(['public', 'private', 'internal'])),
  installationId: z.nullable(z.int()),
  /** The present name of the repository that had this name before, if it was renamed or transferred. */
  renamedTo: z.optional(z.string()),
  /** The id of the repository that had this name before, if another one has it now. */
  formerRepositoryId: z.optional(z.int()),
});
export type NamedRepository = z.infer<typeof NamedRepository>;

/**
 * One connection of the consent graph. `agreed`: a target of the source’s outbound rules that the target’s inbound rules
 * accept. `requested`: the source names the target, which does not accept it. `offered`: an inbound rule that nobody uses.
 */
export const ConsentEdge = z.object({
  state: z.enum(['agreed', 'requested', 'offered']),
  /** What the rule accepts: a workflow of a repository or of a pattern of repositories, or a requester that the operator created. */
  source: z.union([
    z.extend(NamedRepository, { workflow: z.string() }),
    z.object({ requester: z.string(), name: z.string() }),
  ]),
  target: z.extend(NamedRepository, {
    /** The workflow; null for an event type. */
    workflow: z.nullable(z.string()),
    eventType: z.nullable(z.string()),
  }),
  /** The `id` of the outbound target. */
  id: z.nullable(z.string()),
  /** The route; null for an offer. */
  routeId: z.nullable(z.string()),
  /** The places of the rules, such as `outbound[0].targets[1]`. */
  outbound: z.nullable(z.string()),
  inbound: z.nullable(z.string()),
  /** Why the target does not accept a request: the code that a decision would have. Null for an offer. */
  code: z.nullable(Code),
});
export type ConsentEdge = z.infer<typeof ConsentEdge>;

/** What one repository says, and its edges in both directions. */
export const GraphRepository = z.object({
  repository: z.string(),
  repositoryId: z.int(),
  installationId: z.int(),
  visibility: z.enum(['public', 'private', 'internal']),
  isActive: z.boolean(),
  state: ConfigState,
  commit: z.nullable(z.string()),
  path: z.nullable(z.string()),
  blobId: z.nullable(z.string()),
  problems: z.array(ConfigProblem),
  /** When this content, name and state were first read. */
  observedAt: DateTime,
  /** Names that the repository had before, newest first. */
  formerNames: z.array(z.string()),
  /** False for a valid file whose rules are too large for the index: it has no edges here. */
  isIndexed: z.boolean(),
  outbound: z.array(ConsentEdge),
  inbound: z.array(ConsentEdge),
  /** Number of edges that are left out of the two lists. */
  omitted: z.int(),
});
export type GraphRepository = z.infer<typeof GraphRepository>;

/** The repositories that the patterns of a source mean. */
export const GraphCandidates = z.object({
  /** The source. */
  repositoryId: z.int(),
  /** By id. */
  repositories: z.array(
    z.object({
      repositoryId: z.int(),
      /** Without the owner. */
      name: z.string(),
      /** The workflows that its inbound rules let the source start. */
      workflows: z.array(z.string()),
    }),
  ),
  /** False if there are more than are listed. */
  isComplete: z.boolean(),
  builtAt: DateTime,
});
export type GraphCandidates = z.infer<typeof GraphCandidates>;

/** A circle of agreed connections in which each started run starts the next. Dispatcher stops it at run time. */
export const ConsentCycle = z.array(z.object({ repository: z.string(), workflow: z.string() }));
export type ConsentCycle = z.infer<typeof ConsentCycle>;

/** The consent graph of one owner in figures. */
export const GraphOwner = z.object({
  owner: z.string(),
  /** Repositories that the App can see, and those with a dispatching.yml. */
  repositories: z.int(),
  configured: z.int(),
  /** Repositories whose dispatching.yml is invalid or ambiguous. */
  invalid: z.int(),
  agreed: z.int(),
  requested: z.int(),
  offered: z.int(),
  /** The first circles; `cycleCount` counts all. */
  cycles: z.array(ConsentCycle),
  cycleCount: z.int(),
  /** The visibility of the figures: the installations whose repositories are counted. */
  installationIds: z.array(z.int()),
  builtAt: DateTime,
});
export type GraphOwner = z.infer<typeof GraphOwner>;
