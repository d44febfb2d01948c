/**
 * A mistake of whoever handed us something to read from, such as a transport: a TypeError that is final, since another
 * connection would not mend it.
 */
export class Mistake extends TypeError {}
