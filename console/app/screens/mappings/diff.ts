/** Lines of the configuration with their numbers: as it runs, or beside the file as it is now. */
import { diffLines } from 'diff'

export interface Line {
  readonly is: 'same' | 'added' | 'removed'
  /** In what runs, and in the file. */
  readonly running?: number
  readonly file?: number
  readonly text: string
}

export const plainLines = (text: string): Line[] =>
  linesOf(text).map((line, index) => ({ is: 'same', running: index + 1, text: line }))

/** What would be another after the next start. */
export function changedLines(running: string, file: string): Line[] {
  let [at, now] = [0, 0]
  return diffLines(running, file).flatMap(({ added, removed, value }) =>
    linesOf(value).map((text): Line => {
      if (added) return { is: 'added', file: ++now, text }
      if (removed) return { is: 'removed', running: ++at, text }
      return { is: 'same', running: ++at, file: ++now, text }
    }),
  )
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n')
