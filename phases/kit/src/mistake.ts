/** A wrong answer that many give: how to know it, and why it is wrong. */
export interface Mistake<Got = unknown> {
  /** As the file in `mutants/` is called, and the heading `## mistake:<id>` in `hints.md`. */
  readonly id: string
  /** Two or three short sentences, with the section of the standard. */
  readonly why: string
  /** Is it this one? Asked only when the answer is wrong already. */
  readonly when: (got: Got) => boolean
}

/**
 * A mistake to look for when an answer is wrong. The first of a list that fits is named.
 *
 * @param id kebab-case: `decimal-size`
 * @param why what the learner believes, and what is so: with the section of the standard
 * @param when whether what came is the work of this mistake; a `when` that throws says no
 */
export function mistake<Got = Uint8Array>(id: string, why: string, when: (got: Got) => boolean): Mistake<Got> {
  return { id, why, when }
}

/** The line that says why, with the name of the mistake; nothing where none fits. */
export function whyOf<Got>(mistakes: readonly Mistake<Got>[], got: Got): string | undefined {
  const found = mistakes.find(({ when }) => says(when, got))
  return found && `Why: ${found.why} [mistake:${found.id}]`
}

function says<Got>(when: (got: Got) => boolean, got: Got): boolean {
  try {
    return when(got)
  } catch {
    return false
  }
}
