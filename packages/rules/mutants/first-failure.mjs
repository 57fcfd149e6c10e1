// Ends a random test at its first failure: a mutant needs one, and looking for the smallest takes minutes.
import * as fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });
