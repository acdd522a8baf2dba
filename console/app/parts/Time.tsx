import { Tooltip } from '@mantine/core'
import { formatAgo, formatDuration, formatMoment, formatWhole } from '../format.ts'
import { useNow } from '../live.ts'

/** "3 min ago", ticking; the whole time with its zone on hover. */
export const Age = ({ at }: { at: number }) => <Moment at={at} text={formatAgo(at, useNow())} />

/** "10:42", or with its date when it was not today. */
export const When = ({ at }: { at: number }) => <Moment at={at} text={formatMoment(at, useNow())} />

export const Moment = ({ at, text }: { at: number; text: string }) => (
  <Tooltip label={formatWhole(at)}>
    <time dateTime={new Date(at).toISOString()}>{text}</time>
  </Tooltip>
)

/** "06:12": of `ms`, or since a moment of the hub's clock, ticking. */
export const Duration = (props: { ms: number } | { since: number }) =>
  'ms' in props ? <Fixed ms={props.ms} /> : <Ticking since={props.since} />

const Ticking = ({ since }: { since: number }) => <Fixed ms={useNow() - since} />

const Fixed = ({ ms }: { ms: number }) => (
  <time className="figures" dateTime={`PT${Math.max(0, Math.round(ms / 1_000))}S`}>
    {formatDuration(ms)}
  </time>
)
