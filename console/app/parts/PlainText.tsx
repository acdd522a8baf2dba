import { cut, type Mark } from './cut.ts'

export interface PlainTextProps {
  readonly text: string
  /** Words that counted: each is marked and, with `notes`, numbered. They may overlap. */
  readonly marks?: readonly Mark[]
}

/** What somebody wrote, as they wrote it: line breaks stay, markup is text, the direction is that of its words. */
export const PlainText = ({ text, marks = [] }: PlainTextProps) => (
  <span className="plain-text" dir="auto">
    {cut(text, marks).map(({ at, words, notes }) =>
      notes === undefined ? (
        words
      ) : (
        <mark key={at}>
          {words}
          {notes.length > 0 && <sup>{notes.join(', ')}</sup>}
        </mark>
      ),
    )}
  </span>
)
