import { UnstyledButton } from '@mantine/core'
import type { Figure } from '../../../../src/reports/answers.ts'
import { useOpening } from './asked.ts'
import { Definition } from './Definition.tsx'
import { changeOf, sayShare, sayValue } from './say.ts'

/** One figure: its value opens the conversations behind it, its words stand behind ⓘ. */
export function Tile({ figure }: { figure: Figure }) {
  const { open } = useOpening()
  const { key, title, unit, value, p90, count, isCounted, tooFew, before } = figure
  const change = changeOf(unit, value, before?.value)
  const has = isCounted && value !== null
  const face = (
    <>
      <span className="tile-value figures" data-few={tooFew || !has || undefined}>
        {!isCounted ? 'Not counted' : value === null ? 'No data' : sayValue(unit, value)}
        {p90 !== null && value !== null && <small> p90 {sayValue(unit, p90)}</small>}
      </span>
      <span className="tile-beside">
        {tooFew && <b>too few</b>}
        {has && sayShare(figure, unit) !== '' && <span className="figures">{sayShare(figure, unit)}</span>}
        {change && (
          <span className="tile-change figures">
            <span aria-hidden>
              {change.sign}
              {change.amount}
            </span>
            <span className="unseen">{change.words}</span>
          </span>
        )}
      </span>
    </>
  )
  return (
    <div className="tile">
      <div className="tile-head">
        <span className="tile-title">{title}</span>
        <Definition title={title} of={[figure]} />
      </div>
      {has && count > 0 ? (
        <UnstyledButton className="tile-face" onClick={() => open({ number: key, title, cut: {} })}>
          <span className="unseen">{title}: </span>
          {face}
        </UnstyledButton>
      ) : (
        <div className="tile-face">{face}</div>
      )}
    </div>
  )
}
