import type { Piece } from './words.ts'

/** Additions and removals by sign and element, by colour last. */
export const Diff = ({ pieces }: { pieces: readonly Piece[] }) => (
  <p className="diff" dir="auto">
    {pieces.map(({ is, text }, index) => {
      const key = `${index} ${is}`
      if (is === 'added')
        return (
          <ins key={key}>
            <span className="sign">+</span>
            {text}
          </ins>
        )
      if (is === 'removed')
        return (
          <del key={key}>
            <span className="sign">−</span>
            {text}
          </del>
        )
      return <span key={key}>{text}</span>
    })}
  </p>
)
