/** What is wrong in a configuration, and where: the one form in which every check reports. */

export interface Problem {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** `connections.people.use`, `mappings[0].desks[1]`; empty for the file as a whole. */
  readonly path: string
  /** What was found and what would be right. */
  readonly message: string
}

export type Path = ReadonlyArray<string | number>

/** A path in the words of the file: keys by dots, places in a list in brackets. */
export function showPath(path: Path): string {
  let shown = ''
  for (const step of path) {
    if (/^\d+$/.test(String(step))) shown += `[${step}]`
    else if (/^[\w-]+$/.test(String(step))) shown += shown ? `.${step}` : step
    else shown += `[${JSON.stringify(step)}]`
  }
  return shown
}

/** One line as compilers write it, so that editors and terminals make it a link. */
export function showProblem(problem: Problem): string {
  const path = problem.path ? `${problem.path}: ` : ''
  return `${problem.file}:${problem.line}:${problem.column}  ${path}${problem.message}`
}

export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}

/** "Allowed: a, b. Did you mean "b"?" */
export function showAllowed(allowed: readonly string[], found: unknown): string {
  const list = allowed.length ? `Allowed: ${allowed.join(', ')}.` : 'None is allowed here.'
  const near = typeof found === 'string' ? nearest(found, allowed) : undefined
  return near === undefined ? list : `${list} Did you mean ${JSON.stringify(near)}?`
}

/** The candidate that a slip of the fingers turns into `found`; undefined when none is near. */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
  const word = found.toLowerCase()
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(word.slice(0, 64), candidate.toLowerCase().slice(0, 64))
    if (distance <= Math.max(1, Math.floor(candidate.length / 3)) && distance < (best?.distance ?? Infinity)) {
      best = { candidate, distance }
    }
  }
  return best?.candidate
}

/** Letters changed, added, lost, or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1)
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
