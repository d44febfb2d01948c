import { badSize, chunkStyleHop, noTerminatorHop, sizeHop, wrongSize } from './chunk-hops.ts'
import { contentHop } from './content-hop.ts'
import { corkHop } from './cork-hop.ts'
import { dropRewriter, errorRewriter, noDoneRewriter } from './event-rewriters.ts'
import type { Fault } from './fault.ts'
import { gzipRewriter } from './gzip-rewriter.ts'
import { http10Hop, noHeaderHop } from './head-hops.ts'
import type { Hop } from './hop.ts'
import { mergeHop } from './merge-hop.ts'
import { oneBehindHop } from './one-behind-hop.ts'
import { noRstHop, politeHop } from './polite-hop.ts'
import type { HopSetup } from './setup.ts'
import { cutHop, loseHop, stallHop } from './stop-hops.ts'
import { bomRewriter, crRewriter, noBlankLineRewriter } from './text-rewriters.ts'
import { delayHop, idleHop, rateHop, splitHop } from './timed-hops.ts'

/** What makes a fault happen on one connection. */
export function hopFor(fault: Fault, setup: HopSetup): Hop {
  switch (fault.kind) {
    case 'split':
      return splitHop(fault.most, fault.least ?? fault.most, setup.random)
    case 'delay':
      return delayHop(fault.milliseconds)
    case 'rate':
      return rateHop(fault.bytesPerSecond)
    case 'cut':
      return cutHop(fault.how, fault.at, setup)
    case 'stall':
      return stallHop(fault.milliseconds, fault.at, setup)
    case 'idle':
      return idleHop(fault.milliseconds)
    case 'cork':
      return corkHop(fault.milliseconds, setup)
    case 'lose':
      return loseHop(fault.size, fault.at)
    case 'merge':
      return mergeHop(fault.bytes, setup)
    case 'one-behind':
      return oneBehindHop(setup)
    case 'chunks':
      return chunkStyleHop(fault.style, setup)
    case 'polite':
      return politeHop(fault.when, setup)
    case 'no-rst':
      return noRstHop()
    case 'strip':
      return fault.what === 'terminator' ? noTerminatorHop(setup) : contentHop(setup, noBlankLineRewriter)
    case 'strip-header':
      return noHeaderHop(fault.name, setup)
    case 'http10':
      return http10Hop(setup)
    case 'gzip':
      return contentHop(setup, (head) => gzipRewriter(head, fault.flush, setup))
    case 'corrupt':
      return sizeHop(fault.at.n, setup, badSize)
    case 'size':
      return sizeHop(fault.at.n, setup, wrongSize(fault.by))
    case 'drop':
      return contentHop(setup, (head) => dropRewriter(head, fault.at.n))
    case 'bom':
      return contentHop(setup, bomRewriter)
    case 'cr':
      return contentHop(setup, crRewriter)
    case 'error':
      return contentHop(setup, (head) => errorRewriter(head, fault.failure, fault.at.n))
    case 'no-done':
      return contentHop(setup, noDoneRewriter)
  }
}
